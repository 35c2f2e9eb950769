import type { Documents } from '../endpoints/documents.ts';
import type { ResourceRoutes } from '../routes/resource-routes.ts';
import type { Stage } from './stage.ts';

/** Answers what is left: resources of this server, and documents. */
export const serve = (resources: ResourceRoutes, documents: Documents): Stage => ({
  enter({ admitted, request, info }, ctx) {
    return info.isResource ? resources.handle(admitted!, ctx) : documents.handle(request, ctx);
  },
});

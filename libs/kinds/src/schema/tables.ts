import type { FactTable } from '@kubernest/definitions';
import { apiextensionsFacts } from '../apiextensions/apiextensions.facts.ts';
import { apiregistrationFacts } from '../apiregistration/apiregistration.facts.ts';
import { appsFacts } from '../apps/apps.facts.ts';
import { authenticationFacts } from '../authentication/authentication.facts.ts';
import { authorizationFacts } from '../authorization/authorization.facts.ts';
import { autoscalingFacts } from '../autoscaling/autoscaling.facts.ts';
import { certificatesFacts } from '../certificates/certificates.facts.ts';
import { coordinationFacts } from '../coordination/coordination.facts.ts';
import { coreFacts } from '../core/core.facts.ts';
import { endpointsFacts } from '../core/endpoints/endpoints.facts.ts';
import { eventFacts } from '../core/event/event.facts.ts';
import { nodeFacts } from '../core/node/node.facts.ts';
import { podFacts } from '../core/pod/pod.facts.ts';
import { serviceFacts } from '../core/service/service.facts.ts';
import { containerFacts } from '../core/types/container.facts.ts';
import { podTemplateFacts } from '../core/types/pod-template.facts.ts';
import { volumeFacts } from '../core/types/volume.facts.ts';
import { discoveryFacts } from '../discovery/discovery.facts.ts';
import { eventsFacts } from '../events/events.facts.ts';
import { policyFacts } from '../policy/policy.facts.ts';
import { rbacFacts } from '../rbac/rbac.facts.ts';

/** Every table of wire facts; a new one is one line here. */
export const factTables: readonly FactTable[] = [
  coreFacts,
  volumeFacts,
  containerFacts,
  podFacts,
  podTemplateFacts,
  nodeFacts,
  serviceFacts,
  endpointsFacts,
  eventFacts,
  appsFacts,
  rbacFacts,
  coordinationFacts,
  discoveryFacts,
  eventsFacts,
  authenticationFacts,
  authorizationFacts,
  autoscalingFacts,
  policyFacts,
  apiextensionsFacts,
  apiregistrationFacts,
  certificatesFacts,
];

import { answer, facts, page, serve } from './scripts.ts';

/** As the container runtime makes them: a name, files beside those of busybox, and changes as `docker import` takes them. */
interface DemoImage {
  readonly reference: string;
  readonly files: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
}

const files = { 'demo/serve': serve, 'demo/answer': answer, 'demo/facts': facts, 'demo/page': page };

const demoImage = (version: number): DemoImage => ({
  reference: `kubernest/demo:${version}`,
  files,
  changes: [
    `ENV DEMO_VERSION=${version} PORT=8080 GREETING=hello`,
    'USER 65534:65534',
    'EXPOSE 8080',
    'CMD ["/demo/serve"]',
  ],
});

/** Two versions, so that a roll-out can be seen and undone. */
export const demoImages: readonly DemoImage[] = [1, 2].map(demoImage);

/** Addresses of the bundled editor workers, put in by the build (src/server/playground-bundle.ts). */
declare const WORKERS: { editor: string; json: string; graphql: string };

window.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(label === 'json' ? WORKERS.json : label === 'graphql' ? WORKERS.graphql : WORKERS.editor),
};

export {};

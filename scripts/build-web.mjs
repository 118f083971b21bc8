// Builds the playground ahead of the first start; `npm ci` runs it ("prepare"). The server does the same by
// itself when the bundle is missing or old, so a failure here must not fail an installation.
import { register } from 'tsx/esm/api';

register();
const { playgroundBundle } = await import('../src/server/playground-bundle.ts');
try {
  await playgroundBundle();
} catch (error) {
  process.stderr.write(`The playground was not built (the API works without it): ${error.message}\n`);
}

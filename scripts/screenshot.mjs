// Takes the README's picture of a running Kontor: node scripts/screenshot.mjs <url> <file>
// (docs/playground.png). It shows the first sample operation with its answer.
import { register } from 'tsx/esm/api';

register();
const [url, file] = process.argv.slice(2);
if (!url || !file) throw new Error('Usage: node scripts/screenshot.mjs <url> <file>');

const { openPlayground } = await import('../test/support/browser.ts');
const playground = await openPlayground(url);
try {
  await playground.run();
  await playground.page.mouse.move(0, 0);
  await playground.page.screenshot({ path: file, animations: 'disabled' });
} finally {
  await playground.close();
}

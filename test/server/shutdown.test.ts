import 'reflect-metadata';
import { once } from 'node:events';
import net from 'node:net';
import { openHome } from '../support/processes.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a client that never ends its request keeps nobody from ending the server cleanly', async () => {
  const home = await openHome({ DATABASE_URL: world.url });
  const server = await home.start('--empty');
  const { hostname, port } = new URL(server.url);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.on('error', () => undefined).resume();
  socket.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{');
  const closed = once(socket, 'close');
  // the server has read the half request
  await fetch(`${server.url}/livez`);

  await server.stop('SIGTERM');

  await closed;
  expect(server.process.exitCode).toBe(0);
  await home.remove();
});

import fs from 'node:fs';
import { testCluster } from './running-cluster.ts';

export default async function stopTestCluster(): Promise<void> {
  await testCluster.database?.stop();
  if (testCluster.directory) fs.rmSync(testCluster.directory, { recursive: true, force: true });
}

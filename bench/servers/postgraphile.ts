import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { authenticate } from '../../src/identity/sign-in.ts';
import { announce, bearerToken, connections, open, settings } from './protocol.ts';

/**
 * PostGraphile over the same tables, as the same role under the same row-level security: the recommended preset without
 * development aids (the process runs with NODE_ENV and GRAPHILE_ENV = production).
 */
const given = settings();
const installation = await open(given);
const pool = new pg.Pool(connections(given));

const preset: GraphileConfig.Preset = {
  extends: [PostGraphileAmberPreset],
  // It takes no notice of partial indexes, which ours are, and would hide the fields they serve.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false, outputDataAsString: true },
  grafast: {
    explain: false,
    async context({ node }) {
      const principal = node && (await authenticate(installation, bearerToken(node.req)));
      if (!principal) throw new Error('The token is not valid');
      return {
        pgSettings: {
          'app.organization_id': principal.organizationId,
          'app.user_id': principal.userId ?? '',
        },
      };
    },
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => announce(server));

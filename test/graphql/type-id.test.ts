import fc from 'fast-check';
import { fromUUID } from 'typeid-js';
import { encodeId, parseId } from '../../src/graphql/ids.ts';

test('ids are TypeIDs: as the reference library writes them, and read back to the same UUID', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const id = encodeId('Account', uuid);
      expect(id).toBe(fromUUID(uuid, 'acc'));
      expect(parseId(id)).toEqual({ type: 'Account', uuid });
    }),
  );
});

test('the least and the greatest UUID are written in full', () => {
  expect(encodeId('Contact', '00000000-0000-0000-0000-000000000000')).toBe('con_00000000000000000000000000');
  expect(encodeId('Contact', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('con_7zzzzzzzzzzzzzzzzzzzzzzzzz');
});

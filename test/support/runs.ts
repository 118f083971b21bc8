/** How many random cases a property tries: KONTOR_TEST_RUNS where a longer run is wanted. */
export function runs(usual: number): number {
  const wanted = Number(process.env['KONTOR_TEST_RUNS'] ?? '');
  return Number.isInteger(wanted) && wanted > 0 ? wanted : usual;
}

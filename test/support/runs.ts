/** How many random cases or rounds a test tries: KONTOR_TEST_RUNS where more than usual are wanted. */
export function runs(usual: number): number {
  const wanted = Number(process.env['KONTOR_TEST_RUNS'] ?? '');
  return Number.isInteger(wanted) ? Math.max(usual, wanted) : usual;
}

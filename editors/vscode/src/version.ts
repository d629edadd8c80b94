// Versions, compared.

/** Whether a version such as "0.10.1" is that one or a later one; what follows the numbers does not count. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [ours, theirs] = [numbers(version), numbers(oldest)];
  const index = theirs.findIndex((number, place) => number !== (ours[place] ?? 0));
  return index === -1 || (ours[index] ?? 0) > (theirs[index] ?? 0);
}

function numbers(version: string): number[] {
  return (/^[\d.]*/.exec(version)?.[0] ?? "").split(".").map(Number);
}

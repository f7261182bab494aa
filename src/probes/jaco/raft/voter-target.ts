/** The number of voters for this many members (docs/jaco-daemon/raft.md#voters). */
export function voterTarget(members: number): number {
  return Math.min(7, members % 2 === 1 ? members : Math.max(members - 1, 0));
}

/** The majority of this many votes. */
export function majority(votes: number): number {
  return Math.floor(votes / 2) + 1;
}

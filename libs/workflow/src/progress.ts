/** Whole percent of the finished top-level actions; 100 only when the instance is completed. */
export function progressOf(finished: number, all: number, isCompleted: boolean): number {
  if (isCompleted) return 100;
  if (all <= 0) return 0;
  return Math.min(99, Math.max(0, Math.floor((finished * 100) / all)));
}

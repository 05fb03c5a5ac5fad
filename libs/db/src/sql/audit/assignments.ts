// Assignments of ON DUPLICATE KEY UPDATE for rows that know the newest entry that they have seen: whatever the order in which
// entries come, they end as the same row. `VALUES()`, because MariaDB has no row alias. They run from left to right, so
// last_seq, which they compare with, is assigned last.

/** What the newest entry says. */
export const newest = (column: string) => `${column} = IF(VALUES(last_seq) > last_seq, VALUES(${column}), ${column})`;

/** What the newest entry says that speaks of it. */
export const newestSaid = (column: string) =>
  `${column} = IF(VALUES(last_seq) > last_seq, COALESCE(VALUES(${column}), ${column}), COALESCE(${column}, VALUES(${column})))`;

export const earliest = (column: string) => `${column} = COALESCE(LEAST(${column}, VALUES(${column})), ${column}, VALUES(${column}))`;

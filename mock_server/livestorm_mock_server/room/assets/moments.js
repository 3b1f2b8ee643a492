/* The exchanges in order of time: requests, answers, and leaps of the clock between them. */

function momentsOf(exchanges) {
  const moments = [];
  let before = null;
  for (const one of exchanges) {
    const passed = before ? one.at - before.at : 0;
    const leap = passed && passed - (one.wall - before.wall); /* A clock that stands is not moved. */
    if (Math.abs(leap) >= 1) moments.push({ kind: "leap", wall: one.wall - 1e-6, at: one.at, leap, one });
    moments.push({ kind: "request", wall: one.wall, at: one.at, one });
    const wall = one.answered_at === null ? one.wall : one.answered_at;
    moments.push({ kind: isLost(one) ? "lost" : "answer", wall: wall + 1e-6, at: one.at + wall - one.wall, one });
    before = one;
  }
  return moments.sort((a, b) => a.wall - b.wall);
}

/* What stands on an arrow. */
function sayMoment({ kind, one, leap }) {
  if (kind === "leap") return `the clock is moved by ${leap < 0 ? "\u2212" : ""}${spanOf(leap)}`;
  if (kind === "request") return `${one.seq} ${one.method} ${visible(pathOf(one))} ${grantOf(one)}${visible(eventOf(one))}`;
  if (kind === "lost") return visible(lossOf(one));
  const why = isRefused(one) && one.reason && !one.fault ? ` ${one.reason}` : "";
  return `${statusOf(one)}${visible(why)}`;
}

// Who has connected their Livestorm account; null where they have to connect again.
import { setTimeout as wait } from "node:timers/promises";

const API = "https://api.livestorm.co/v1";

export async function connected(accessToken, api = API) {
  const headers = { Authorization: `Bearer ${accessToken}` };
  let answer = await fetch(`${api}/me`, { headers });
  if (answer.status === 429) {
    await wait(1000 * Number(answer.headers.get("Retry-After")));
    answer = await fetch(`${api}/me`, { headers });
  }
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`Livestorm answered ${answer.status}`);
  return (await answer.json()).data.attributes.email;
}

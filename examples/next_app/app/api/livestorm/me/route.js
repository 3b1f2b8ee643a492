// GET /api/livestorm/me: tells whose account is connected.
import { answered, call } from '../../../../lib/livestorm.js';
import { sessionOf } from '../../../../lib/sessions.js';

export const dynamic = 'force-dynamic';

export function GET(request) {
  return answered(async () => {
    const me = await call(sessionOf(request), 'GET', '/me');
    return Response.json({ connected: me.data.attributes.email });
  });
}

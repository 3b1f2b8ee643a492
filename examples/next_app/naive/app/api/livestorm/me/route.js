// GET /api/livestorm/me: tells whose account is connected.
import { call } from '../../../../lib/livestorm.js';
import { sessionOf } from '../../../../../lib/sessions.js';

export async function GET(request) {
  const me = await call(sessionOf(request), 'GET', '/me');
  return Response.json({ connected: me.data.attributes.email });
}

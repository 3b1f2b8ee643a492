// GET /api/livestorm/callback: the browser comes back, and the account is connected.
import { callback } from '../../../../lib/livestorm.js';
import { sessionOf } from '../../../../../lib/sessions.js';

export async function GET(request) {
  await callback(sessionOf(request), new URL(request.url).searchParams);
  return new Response(null, { status: 303, headers: { Location: '/api/livestorm/me' } });
}

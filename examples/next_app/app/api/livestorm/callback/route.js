// GET /api/livestorm/callback: the browser comes back, and the account is connected.
import { answered, callback } from '../../../../lib/livestorm.js';
import { sessionOf } from '../../../../lib/sessions.js';

export const dynamic = 'force-dynamic';

export function GET(request) {
  return answered(async () => {
    await callback(sessionOf(request), new URL(request.url).searchParams);
    return new Response(null, { status: 303, headers: { Location: '/api/livestorm/me' } });
  });
}

// GET /api/livestorm/connect: sends the browser to Livestorm.
import { answered, connect } from '../../../../lib/livestorm.js';
import { COOKIE, sessionOf } from '../../../../lib/sessions.js';

export const dynamic = 'force-dynamic';

export function GET(request) {
  return answered(() => {
    const session = sessionOf(request);
    const headers = new Headers({ Location: connect(session) });
    // Only this browser can finish what it has begun, and no script of a page sees what it is.
    headers.append('Set-Cookie', `${COOKIE}=${session.id}; Path=/; HttpOnly; SameSite=Lax`);
    return new Response(null, { status: 302, headers });
  });
}

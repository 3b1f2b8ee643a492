// GET /api/livestorm/connect: sends the browser to Livestorm.
import { connect } from '../../../../lib/livestorm.js';
import { COOKIE, sessionOf } from '../../../../../lib/sessions.js';

export async function GET(request) {
  const session = sessionOf(request);
  const headers = { Location: connect(session), 'Set-Cookie': `${COOKIE}=${session.id}; Path=/` };
  return new Response(null, { status: 302, headers });
}

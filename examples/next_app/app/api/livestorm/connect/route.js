// GET /api/livestorm/connect: sends the browser to Livestorm.
import { APP, COOKIE, challengeOf, draw, settings } from '../../../../lib/livestorm.js';

export const dynamic = 'force-dynamic';

export async function GET() {
  const { clientId, redirectUri } = settings();
  const [state, verifier] = [draw(), draw()];
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'identity:read',
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
  });
  const headers = new Headers({ Location: `${APP}/oauth/authorize?${asked}` });
  // Only this browser can finish what it has begun, and no script of a page sees what it is.
  const kept = `${COOKIE}=${state}.${verifier}; Path=/api/livestorm; Max-Age=600`;
  headers.append('Set-Cookie', `${kept}; HttpOnly; SameSite=Lax`);
  return new Response(null, { status: 302, headers });
}

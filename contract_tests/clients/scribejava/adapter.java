// ScribeJava's `OAuth20Service` over HttpURLConnection: it signs calls and can refresh; when to refresh, the callback and the store are its user's.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.scribejava.core.builder.ServiceBuilder;
import com.github.scribejava.core.builder.api.DefaultApi20;
import com.github.scribejava.core.exceptions.OAuthException;
import com.github.scribejava.core.httpclient.jdk.JDKHttpClientConfig;
import com.github.scribejava.core.model.OAuth2AccessToken;
import com.github.scribejava.core.model.OAuth2AccessTokenErrorResponse;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.OAuthResponseException;
import com.github.scribejava.core.model.Response;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.AccessTokenRequestParams;
import com.github.scribejava.core.oauth.AuthorizationUrlBuilder;
import com.github.scribejava.core.oauth.OAuth20Service;
import com.github.scribejava.core.oauth2.clientauthentication.ClientAuthentication;
import com.github.scribejava.core.oauth2.clientauthentication.RequestBodyAuthenticationScheme;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

class Adapter {
    static final int MILLISECONDS = 8000;
    /** Characters of an error, which has to fit into a line of the protocol. */
    static final int LONGEST = 50_000;
    static final ObjectMapper JSON = new ObjectMapper();
    static final Set<String> SETTINGS = Set.of("invalid_client", "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_grant_type");

    /** What lies in the session of the library's user. */
    record Flow(String state, String verifier) {}

    /** What is stored for a user. */
    record Held(String access, String refresh, Long expiresAt) {}

    static class User {
        Flow flow;
        Held held;
    }

    /** The adapter's own word for what the library has no exception for. */
    static class Failure extends Exception {
        final String kind;
        final Integer status;

        Failure(String kind, String text, Integer status) {
            super(text);
            this.kind = kind;
            this.status = status;
        }
    }

    JsonNode config;
    OAuth20Service service;
    final Map<String, User> users = new HashMap<>();

    void configure(JsonNode given) {
        config = given;
        users.clear();
        List<String> scopes = new ArrayList<>();
        given.get("scopes").forEach(one -> scopes.add(one.asText()));
        JDKHttpClientConfig http = JDKHttpClientConfig.defaultConfig().withConnectTimeout(MILLISECONDS).withReadTimeout(MILLISECONDS);
        service = new ServiceBuilder(text("client_id")).apiSecret(text("client_secret")).callback(text("redirect_uri"))
            .httpClientConfig(http).defaultScope(String.join(" ", scopes)).build(new DefaultApi20() {
                @Override public String getAccessTokenEndpoint() { return text("token_url"); }
                @Override protected String getAuthorizationBaseUrl() { return text("authorize_url"); }
                @Override public ClientAuthentication getClientAuthentication() { return RequestBodyAuthenticationScheme.instance(); }
            });
    }

    String text(String name) {
        return config.get(name).asText();
    }

    ObjectNode run(JsonNode message) throws Exception {
        User user = users.computeIfAbsent(message.path("user").asText("u1"), name -> new User());
        return switch (message.path("op").asText()) {
            case "begin" -> begin(user);
            case "callback" -> callback(user, message.get("url").asText());
            case "refresh" -> refresh(user);
            case "call" -> call(user, message);
            case "seed" -> seed(user, message.get("token"));
            case "state" -> state(user);
            default -> throw new Failure("unsupported", "no " + message.path("op").asText(), null);
        };
    }

    ObjectNode begin(User user) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String state = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        AuthorizationUrlBuilder builder = service.createAuthorizationUrlBuilder().state(state).initPKCE();
        String url = builder.build();
        user.flow = new Flow(state, builder.getPkce().getCodeVerifier());
        return ok().put("authorize_url", url);
    }

    ObjectNode callback(User user, String url) throws Exception {
        Map<String, List<String>> answer = parameters(url);
        Flow flow = user.flow;
        user.flow = null;
        boolean isAnswer = flow != null && List.of(flow.state()).equals(answer.get("state")) && answer.getOrDefault("code", List.of()).size() == 1;
        if (!isAnswer || answer.containsKey("error")) throw new Failure("unsupported", "reading the callback is left to the library's user", null);
        hold(user, service.getAccessToken(AccessTokenRequestParams.create(answer.get("code").get(0)).pkceCodeVerifier(flow.verifier())));
        return ok();
    }

    static Map<String, List<String>> parameters(String url) {
        Map<String, List<String>> read = new HashMap<>();
        String query = URI.create(url).getRawQuery();
        for (String pair : (query == null ? "" : query).split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
            read.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), name -> new ArrayList<>()).add(value);
        }
        return read;
    }

    ObjectNode refresh(User user) throws Exception {
        if (user.held == null || user.held.refresh() == null) throw new Failure("reauth_required", "there is nothing to refresh with", null);
        hold(user, service.refreshAccessToken(user.held.refresh()));
        return ok();
    }

    void hold(User user, OAuth2AccessToken token) {
        Long expiresAt = token.getExpiresIn() == null ? null : System.currentTimeMillis() / 1000 + token.getExpiresIn();
        user.held = new Held(token.getAccessToken(), token.getRefreshToken(), expiresAt);
    }

    /** Read the answer as any caller reads it: its status, and then its JSON. */
    ObjectNode call(User user, JsonNode message) throws Exception {
        if (user.held == null) throw new Failure("reauth_required", "not connected", null);
        String path = message.get("path").asText();
        Verb verb = Verb.valueOf(message.path("method").asText("GET"));
        OAuthRequest request = new OAuthRequest(verb, text("api_base") + path);
        if (Set.of(Verb.POST, Verb.PUT, Verb.PATCH).contains(verb)) request.setPayload(message.has("body") ? message.get("body").toString() : "{}");
        service.signRequest(user.held.access(), request);
        try (Response response = service.execute(request)) {
            int status = response.getCode();
            String body = response.getBody();
            if (status / 100 != 2) throw new Failure(kindOf(status, true), "status " + status + ": " + response.getHeader("WWW-Authenticate") + " " + cut(body, 1000), status);
            if (status != 204 && !path.equals("/ping") && !isObject(body)) throw new Failure("protocol_error", "no JSON object came", status);
            return ok().put("http_status", status);
        }
    }

    static boolean isObject(String body) {
        try {
            JsonNode read = JSON.readTree(body);
            return read != null && read.isObject();
        } catch (IOException error) {
            return false;
        }
    }

    static String cut(String text, int most) {
        return text == null ? "" : text.substring(0, Math.min(most, text.length()));
    }

    ObjectNode seed(User user, JsonNode token) {
        Long expiresAt = token.hasNonNull("expires_at") ? token.get("expires_at").asLong() : null;
        user.held = new Held(token.path("access_token").asText(null), token.path("refresh_token").asText(null), expiresAt);
        return ok();
    }

    ObjectNode state(User user) {
        ObjectNode reply = ok().put("needs_reauth", user.held == null).putNull("token");
        if (user.held != null) {
            reply.putObject("token").put("access_token", hashed(user.held.access())).put("refresh_token", hashed(user.held.refresh())).put("expires_at", user.held.expiresAt());
        }
        return reply;
    }

    static String hashed(String text) {
        if (text == null || text.isEmpty()) return null;
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }

    static ObjectNode ok() {
        return JSON.createObjectNode().put("kind", "ok");
    }

    static String kindOf(int status, boolean ofApi) {
        if (status == 429 || status >= 500) return "retry_later";
        if (ofApi && status == 401) return "reauth_required";
        return ofApi && status == 403 ? "config_error" : "protocol_error";
    }

    /** Name an exception: one of the library, of the connection, or one that nobody announces. */
    static ObjectNode failed(Exception error) throws IOException {
        ObjectNode reply = JSON.createObjectNode().put("kind", "bug");
        String code = null;
        Integer status = null;
        if (error instanceof Failure own) {
            status = own.status;
            reply.put("kind", own.kind).put("reason", own.getMessage()).put("http_status", own.status);
        } else if (error instanceof OAuthResponseException refused) {
            status = refused.getResponse().getCode();
            if (error instanceof OAuth2AccessTokenErrorResponse told && told.getError() != null) code = told.getError().getErrorString();
            String kind = kindOf(status, false);
            if (kind.equals("protocol_error") && code != null) kind = SETTINGS.contains(code) ? "config_error" : code.equals("invalid_grant") ? "reauth_required" : kind;
            reply.put("kind", kind);
        } else if (error instanceof OAuthException) {
            reply.put("kind", error.getCause() instanceof IOException ? "transport_error" : "protocol_error");
        } else if (error instanceof IOException && !(error instanceof com.fasterxml.jackson.core.JsonProcessingException)) {
            reply.put("kind", "transport_error");
        }
        reply.putObject("error").put("class", error.getClass().getName()).put("message", cut(error.getMessage(), LONGEST)).put("repr", cut(error.toString(), LONGEST)).put("code", code).put("http_status", status);
        return reply;
    }

    /** Give the library's version, which stands in the name of its file. */
    static String version() {
        String file = OAuth20Service.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return file.replaceAll(".*-|[.]jar$", "");
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        ObjectNode ready = JSON.createObjectNode().put("type", "ready").put("protocol", 1);
        ready.putObject("client").put("name", "scribejava").put("version", version()).put("language", "java " + Runtime.version().feature());
        List.of("begin", "callback", "call", "refresh", "seed", "state").forEach(ready.putArray("ops")::add);
        ObjectNode features = ready.putObject("features").put("refresh", "explicit").put("pkce", true).put("base_path", true).put("state", "adapter");
        features.putArray("auth_methods").add("client_secret_post");
        features.putArray("logs").add("stderr");
        out.println(JSON.writeValueAsString(ready));
        Adapter adapter = new Adapter();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode message = JSON.readTree(line);
            ObjectNode reply = ok();
            try {
                if (message.get("type").asText().equals("configure")) adapter.configure(message.get("config"));
                if (message.get("type").asText().equals("command")) reply = adapter.run(message);
            } catch (Exception error) {
                reply = failed(error);
            }
            reply.put("type", "result").set("id", message.get("id"));
            out.println(JSON.writeValueAsString(reply));
        }
    }
}

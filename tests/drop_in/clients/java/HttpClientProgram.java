// Sign in and ask who one is, over java.net.http.HttpClient.

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class HttpClientProgram {
  static final String APP = "https://app.livestorm.co";
  static final String API = "https://api.livestorm.co/v1";
  static final HttpClient CLIENT = HttpClient.newHttpClient();

  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  static String find(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) throw new IllegalStateException(pattern + " is not in " + text);
    return found.group(1);
  }

  public static void main(String[] arguments) throws Exception {
    String id = System.getenv("LIVESTORM_CLIENT_ID");
    String redirect = System.getenv("LIVESTORM_REDIRECT_URI");
    String query = form(Map.of("client_id", id, "redirect_uri", redirect,
        "response_type", "code", "scope", "identity:read"));
    var opened = send(HttpRequest.newBuilder(URI.create(APP + "/oauth/authorize?" + query)));
    String code = find("code=([^&]+)", opened.headers().firstValue("Location").orElseThrow());

    String body = form(Map.of("grant_type", "authorization_code", "code", code, "client_id", id,
        "client_secret", System.getenv("LIVESTORM_CLIENT_SECRET"), "redirect_uri", redirect));
    var issued = send(HttpRequest.newBuilder(URI.create(APP + "/oauth/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body)));
    String token = find("\"access_token\":\\s*\"([^\"]+)\"", issued.body());

    var me = send(HttpRequest.newBuilder(URI.create(API + "/me"))
        .header("Authorization", "Bearer " + token));
    String email = find("\"email\":\\s*\"([^\"]+)\"", me.body());
    System.out.println("{\"email\": \"" + email + "\"}");
  }
}

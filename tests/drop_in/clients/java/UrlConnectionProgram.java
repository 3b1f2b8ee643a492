// Sign in and ask who one is, over java.net.HttpURLConnection.

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class UrlConnectionProgram {
  static final String APP = "https://app.livestorm.co";
  static final String API = "https://api.livestorm.co/v1";

  static HttpURLConnection open(String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    return connection;
  }

  static String read(HttpURLConnection connection) throws IOException {
    return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static String find(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) throw new IllegalStateException(pattern + " is not in " + text);
    return found.group(1);
  }

  public static void main(String[] arguments) throws IOException {
    String client = "client_id=" + System.getenv("LIVESTORM_CLIENT_ID") + "&redirect_uri="
        + URLEncoder.encode(System.getenv("LIVESTORM_REDIRECT_URI"), StandardCharsets.UTF_8);
    var opened = open(APP + "/oauth/authorize?response_type=code&scope=identity:read&" + client);
    String code = find("code=([^&]+)", opened.getHeaderField("Location"));

    var issuing = open(APP + "/oauth/token");
    issuing.setDoOutput(true);
    String secret = System.getenv("LIVESTORM_CLIENT_SECRET");
    String form = client + "&grant_type=authorization_code&code=" + code + "&client_secret=" + secret;
    issuing.getOutputStream().write(form.getBytes(StandardCharsets.UTF_8));
    String token = find("\"access_token\":\\s*\"([^\"]+)\"", read(issuing));

    var asking = open(API + "/me");
    asking.setRequestProperty("Authorization", "Bearer " + token);
    String email = find("\"email\":\\s*\"([^\"]+)\"", read(asking));
    System.out.println("{\"email\": \"" + email + "\"}");
  }
}

# A small client for Livestorm that gives the adapter something to drive: put yours in its place.
# It connects a user, calls the API, refreshes when it is told to, and keeps tokens in memory.
require "digest"
require "json"
require "net/http"
require "openssl"
require "securerandom"
require "timeout"

# How an operation failed; `status` is that of the answer that made it fail.
class Failure < StandardError
  attr_reader :kind, :code, :status, :wait

  def initialize(kind, text, code: nil, status: nil, wait: nil)
    super(text)
    @kind, @code, @status, @wait = kind, code, status, wait
  end
end

# One user's connection.
class Client
  TIMEOUT = 8
  # What a caller does about the error codes of RFC 6749; any other is a protocol error.
  KINDS = {
    "access_denied" => "denied", "invalid_grant" => "reauth_required",
    "server_error" => "retry_later", "temporarily_unavailable" => "retry_later",
    "invalid_client" => "config_error", "invalid_request" => "config_error", "invalid_scope" => "config_error",
    "unauthorized_client" => "config_error", "unsupported_grant_type" => "config_error"
  }.freeze

  attr_reader :token, :needs_reauth

  def initialize(config)
    @config, @flow, @token, @needs_reauth = config, nil, nil, false
  end

  # Give the URL for the browser: a fresh state, and PKCE (RFC 7636).
  def begin
    @flow = { state: SecureRandom.urlsafe_base64(32), verifier: SecureRandom.urlsafe_base64(48) }
    challenge = [Digest::SHA256.digest(@flow[:verifier])].pack("m0").tr("+/", "-_").delete("=")
    query = { response_type: "code", client_id: @config["client_id"], redirect_uri: @config["redirect_uri"],
              scope: @config["scopes"].join(" "), state: @flow[:state], code_challenge: challenge, code_challenge_method: "S256" }
    "#{@config['authorize_url']}?#{URI.encode_www_form(query)}"
  end

  # Take the URL that the browser came back to, and exchange the code for tokens.
  def callback(url)
    pairs, flow, issuer = URI.decode_www_form(url[/\?([^#]*)/, 1].to_s), @flow, @config["issuer"]
    answer = pairs.to_h
    %w[code state error iss].each do |name|
      raise Failure.new("security_error", "#{name} comes twice") if pairs.count { |one, _| one == name } > 1
    end
    raise Failure.new("security_error", "the callback belongs to no flow") unless flow && same?(answer["state"].to_s, flow[:state])
    raise Failure.new("security_error", "the callback comes from another issuer") if issuer && answer["iss"] != issuer
    @flow = nil # a callback counts once
    if answer["error"]
      code = shown(answer["error"])
      kind = code == "invalid_grant" ? nil : KINDS[code]
      raise Failure.new(kind || "protocol_error", "refused: #{code}", code: code)
    end
    raise Failure.new("protocol_error", "the callback has neither a code nor an error") if answer["code"].to_s.empty?
    store(ask_for_token("grant_type" => "authorization_code", "code" => answer["code"],
                        "redirect_uri" => @config["redirect_uri"], "code_verifier" => flow[:verifier]))
  rescue ArgumentError
    raise Failure.new("protocol_error", "the callback has no query that can be read")
  end

  # Keep a token; what it does not say is as it was asked for.
  def store(token)
    @token, @needs_reauth = { "scope" => @config["scopes"].join(" "), **token }, false
  end

  # Refresh now; where no new refresh token comes, the old one stays.
  def refresh
    spent = @token || {}
    raise Failure.new("reauth_required", "there is nothing to refresh with") if @needs_reauth || !spent["refresh_token"]
    store({ **spent, **ask_for_token("grant_type" => "refresh_token", "refresh_token" => spent["refresh_token"]) })
  rescue Failure => failure
    @needs_reauth = failure.kind == "reauth_required"
    raise
  end

  # Call the API; give the status.
  def call(method, path, body = nil)
    raise Failure.new("security_error", "a path begins with one slash") unless path.match?(%r{\A/(?!/)})
    raise Failure.new("reauth_required", "the user is not connected") if @token.nil? || @needs_reauth
    headers = { "accept" => "application/vnd.api+json", "authorization" => "Bearer #{@token['access_token']}" }
    headers["content-type"] = "application/vnd.api+json" if body
    answer = send_request(method, @config["api_base"] + path, headers, body && JSON.generate(body))
    document, status = read_json(answer), answer.code.to_i
    is_empty = status == 204 || (path == "/ping" && answer.body.to_s.empty?)
    return status if status / 100 == 2 && (is_empty || (document.key?("data") && !document.key?("errors")))
    challenge = answer["WWW-Authenticate"].to_s
    lacks_scope = challenge.match?(/Bearer .*\berror="?insufficient_scope/)
    kind = status == 403 || lacks_scope ? "config_error" : "protocol_error"
    kind = "reauth_required" if status == 401 && !lacks_scope
    told = ["the API answered #{status}", *words(document), challenge].reject(&:empty?)
    raise Failure.new(kind, shown(told.join("; ")), status: status)
  end

  private

  # Ask the token endpoint, once; give the token (RFC 6749, sections 5.1 and 5.2).
  def ask_for_token(form)
    form = { **form, **@config.slice("client_id", "client_secret") }
    headers = { "accept" => "application/json", "content-type" => "application/x-www-form-urlencoded" }
    answer = send_request("POST", @config["token_url"], headers, URI.encode_www_form(form))
    members, status = read_json(answer), answer.code.to_i
    if members.key?("error") || status / 100 != 2
      code = members["error"].is_a?(String) ? shown(members["error"]) : nil
      raise Failure.new(KINDS.fetch(code, "protocol_error"), "the token endpoint answered #{status} #{code}", code: code, status: status)
    end
    raise Failure.new("protocol_error", "#{status} without a token", status: status) unless token?(members)
    lifetime = read_lifetime(members["expires_in"])
    texts = members.slice("access_token", "refresh_token", "scope").select { |_, text| text.is_a?(String) }
    { **texts, "expires_at" => lifetime && Time.now.to_f + lifetime }
  end

  # Send a request, follow nowhere; give an answer that is none of "try again later".
  def send_request(method, url, headers, body)
    uri = URI(url)
    http = Net::HTTP.new(uri.host, uri.port, nil) # no proxy
    http.use_ssl = uri.scheme == "https"
    http.max_retries = 0 # a request goes out once
    answer = Timeout.timeout(TIMEOUT) do # for the whole: those of Net::HTTP are for each read
      http.start { |connection| connection.send_request(method, uri.request_uri, body, headers) }
    end
    status = answer.code.to_i
    return answer unless status == 429 || status >= 500
    seconds = answer["Retry-After"].to_s
    wait = seconds.match?(/\A\d{1,9}\z/) ? seconds.to_i : nil
    raise Failure.new("retry_later", "the server answered #{status}", status: status, wait: wait)
  rescue Zlib::Error
    raise Failure.new("protocol_error", "the answer can't be unpacked")
  rescue SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse => error
    raise Failure.new("transport_error", "no answer: #{error.class}")
  end

  # Give the members of a JSON object, empty where it is none; odd bytes hide none.
  def read_json(answer)
    text = answer.body.to_s.dup.force_encoding(Encoding::UTF_8).scrub("?").delete_prefix("\uFEFF")
    members = JSON.parse(text)
    members.is_a?(Hash) ? members : {}
  rescue JSON::ParserError
    {}
  end

  # Tell whether an answer has a usable Bearer token.
  def token?(members)
    kind, texts = members["token_type"], [members["access_token"], members["refresh_token"] || "none"]
    kind.is_a?(String) && kind.casecmp?("bearer") && texts.all? { |text| text.is_a?(String) && text.match?(/\A[!-~]+\z/) }
  end

  # Read `expires_in`, which may be a number in a text; what is none is unknown.
  def read_lifetime(value) = value.to_s.match?(/\A-?\d{1,10}(\.\d+)?\z/) ? value.to_f : nil

  # Give what a JSON:API document says of its errors.
  def words(document)
    listed = document["errors"].is_a?(Array) ? document["errors"].grep(Hash) : []
    listed.first(3).flat_map { |one| one.values_at("title", "detail") }.grep(String)
  end

  # Make a foreign text fit to be shown and logged: short, and one line.
  def shown(text) = text.scrub("?")[0, 200].gsub(/[^[:print:]]/, " ")

  def same?(given, expected) = given.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(given, expected)
end

# A client that refreshes by itself, ahead of time and after a 401, under a lock of its own file
# store, so that threads and processes refresh once. It waits where the server says so and its
# budget allows that, and repeats what can be repeated once. It ignores RateLimit-Reset, which is
# the month's. PKCE with the secret in the body.
require "base64"
require "securerandom"
require "time"
require_relative "file_store"
require_relative "wire"

class Failure < StandardError
  attr_reader :kind, :more

  def initialize(kind, text, **more)
    super(text)
    @kind, @more = kind, more.compact
  end
end

# What one operation may still send and wait.
class Allowance
  attr_accessor :requests, :token_requests, :seconds

  def initialize(requests, seconds)
    @requests, @token_requests, @seconds = requests, 2, seconds
  end
end

# Until when nothing may be sent, for all threads.
class Pause
  def initialize
    @mutex, @until = Mutex.new, 0.0
  end

  def prolong(seconds) = @mutex.synchronize { @until = [@until, Time.now.to_f + seconds].max }

  def lift = @mutex.synchronize { @until = 0.0 }

  # Wait for the end, a moment longer at random so that not all go on at once.
  def wait(allowance)
    while (left = @mutex.synchronize { @until } - Time.now.to_f).positive?
      raise Failure.new("retry_later", "the server asked for a longer pause", not_before: left) if left > allowance.seconds
      longer = [left + rand(0.01..0.7), allowance.seconds].min
      allowance.seconds -= longer
      sleep longer
    end
  end
end

class Client
  LEEWAY = 60
  KINDS = { "invalid_grant" => "reauth_required", "server_error" => "retry_later", "temporarily_unavailable" => "retry_later",
            **%w[invalid_client invalid_request invalid_scope unauthorized_client unsupported_grant_type].to_h { |code| [code, "config_error"] } }.freeze

  def initialize(config, &saved)
    @config, @saved = config, saved
    @store, @flows = FileStore.new(config["store_dir"]), {}
    @flows_mutex, @api_pause, @token_pause = Mutex.new, Pause.new, Pause.new
  end

  def authorize_url(user)
    %w[authorize_url token_url api_base].each { |name| check_confidential(@config[name]) }
    flow = { state: SecureRandom.urlsafe_base64(32), verifier: SecureRandom.urlsafe_base64(48) }
    @flows_mutex.synchronize { @flows[user] = flow }
    challenge = Base64.urlsafe_encode64(Digest::SHA256.digest(flow[:verifier]), padding: false)
    query = { response_type: "code", client_id: @config["client_id"], redirect_uri: @config["redirect_uri"], state: flow[:state],
              scope: @config["scopes"].join(" "), code_challenge: challenge, code_challenge_method: "S256" }
    "#{@config["authorize_url"]}?#{URI.encode_www_form(query)}"
  end

  def callback(user, url)
    pairs = URI.decode_www_form(url[/\?([^#]*)/, 1].to_s)
    given = pairs.to_h
    %w[code state error].each { |name| raise Failure.new("security_error", "#{name} comes twice") if pairs.count { |one, _| one == name } > 1 }
    flow = @flows_mutex.synchronize { @flows.delete(user) if @flows[user] && same?(@flows[user][:state], given["state"].to_s) }
    raise Failure.new("security_error", "the callback belongs to no flow") unless flow
    refuse(given["error"]) if given["error"]
    raise Failure.new("protocol_error", "the callback has neither code nor error") if given["code"].to_s.empty?
    form = { grant_type: "authorization_code", code: given["code"], redirect_uri: @config["redirect_uri"], code_verifier: flow[:verifier] }
    held = ask_for_token(form, allow(1))
    held[:scope] ||= @config["scopes"].join(" ")
    save(user, held)
  rescue ArgumentError
    raise Failure.new("protocol_error", "the callback has no proper query")
  end

  def seed(user, token)
    [@api_pause, @token_pause].each(&:lift)
    storing { @store.store(user, { access: token["access_token"], refresh: token["refresh_token"], expires_at: token["expires_at"], scope: token["scope"] }) }
  end

  def held(user) = storing { @store.load(user) }

  def refresh(user)
    replace(user, allow(2)) { true }
  end

  # Call the API; give the status.
  def call(user, method, path, body)
    raise Failure.new("security_error", "a path begins with one slash") unless path.match?(%r{\A/(?!/)})
    held, allowance = held(user), allow(4)
    raise Failure.new("reauth_required", "the user is not connected") if held.nil? || held[:dead]
    held = replace(user, allowance) { |one| due?(one) } if due?(held) && held[:refresh]
    answer = ask_api(method, path, body, held, allowance, 2)
    if answer.status == 401 && bearer_error(answer) != "insufficient_scope" && held[:refresh] && allowance.token_requests == 2 && allowance.requests > 1
      refused = held[:access]
      held = replace(user, allowance) { |one| one[:access] == refused }
      answer = ask_api(method, path, body, held, allowance, 1)
    end
    check_document(answer, path)
    answer.status
  end

  private

  def allow(requests) = Allowance.new(requests, @config["budget"]["max_wait_ms"] / 1000.0)

  def same?(one, other) = one.bytesize == other.bytesize && OpenSSL.fixed_length_secure_compare(one, other)

  def short(text) = text.to_s.scrub[0, 200].gsub(/[\u0000-\u001f\u007f\u2028\u2029]/, " ")

  def refuse(code)
    kind = { "access_denied" => "denied", "invalid_grant" => "protocol_error", "unsupported_response_type" => "config_error" }[code]
    raise Failure.new(kind || KINDS.fetch(code, "protocol_error"), "the authorization was refused: #{short(code)}", code: short(code))
  end

  def storing
    yield
  rescue FileStore::Broken => error
    raise Failure.new("config_error", error.message)
  end

  def save(user, held)
    storing { @store.store(user, held) }
    @saved.(user)
  end

  # Short lifetimes have a shorter leeway: a token is used for half of its time at least.
  def due?(held)
    return false unless held[:expires_at]
    Time.now.to_f >= held[:expires_at] - [LEEWAY, held.fetch(:lifetime, 2 * LEEWAY) / 2].min
  end

  # Refresh if the block still wants it when nobody else does so; give what is held then.
  def replace(user, allowance)
    was_saved = false
    held = storing do
      @store.replacing(user) do |save|
        spent = @store.load(user)
        raise Failure.new("reauth_required", "there is nothing to refresh with") if spent.nil? || spent[:dead] || !spent[:refresh]
        next spent unless yield spent
        fresh = ask_to_refresh(spent, allowance)
        save.(fresh)
        was_saved = true
        fresh
      end
    end
    @saved.(user) if was_saved
    raise Failure.new("reauth_required", "the grant is dead", code: "invalid_grant", status: held[:dead]) if held[:dead]
    held
  end

  def ask_to_refresh(spent, allowance)
    fresh = ask_for_token({ grant_type: "refresh_token", refresh_token: spent[:refresh] }, allowance)
    { **spent.slice(:refresh, :scope), **fresh.compact }
  rescue Failure => error
    raise unless error.kind == "reauth_required"
    { **spent, dead: error.more[:status] }
  end

  def ask_for_token(form, allowance)
    body = URI.encode_www_form({ **form, client_id: @config["client_id"], client_secret: @config["client_secret"] })
    headers = { "Accept" => "application/json", "Content-Type" => "application/x-www-form-urlencoded" }
    loop do
      asked = Time.now.to_f
      allowance.token_requests -= 1
      answer = exchange("POST", @config["token_url"], headers, body, @token_pause, allowance)
      return read_token(answer, asked)
    rescue Failure => error
      is_refused = [429, 503].include?(error.more[:status]) && error.more[:not_before]
      raise unless is_refused && form[:refresh_token] && allowance.token_requests.positive? && allowance.requests.positive?
    end
  end

  def ask_api(method, path, body, held, allowance, attempts)
    headers = { "Accept" => "application/vnd.api+json", "Authorization" => "Bearer #{held[:access]}" }
    headers["Content-Type"] = "application/vnd.api+json" if body
    begin
      attempts -= 1
      answer = exchange(method, @config["api_base"] + path, headers, body, @api_pause, allowance)
      @api_pause.prolong(1) if answer.status < 300 && answer.headers["ratelimit-interval-remaining"] == "0"
      answer
    rescue Failure => error
      raise unless attempts.positive? && allowance.requests.positive? && repeatable?(method, error, allowance)
      retry
    end
  end

  # A GET that failed may be repeated after a moment, and whatever was refused as too much.
  def repeatable?(method, error, allowance)
    return false unless %w[retry_later transport_error].include?(error.kind)
    return true if error.more[:status] == 429 && error.more[:not_before]
    return false unless method == "GET"
    moment = rand(0.2..0.4)
    return false if moment > allowance.seconds
    allowance.seconds -= moment
    sleep moment
    true
  end

  def exchange(method, url, headers, body, pause, allowance)
    check_confidential(url)
    pause.wait(allowance)
    allowance.requests -= 1
    answer = Wire.new(@config["ca_pem"]).request(method, url, headers, body)
    return answer unless answer.status == 429 || answer.status >= 500
    seconds = retry_after(answer) if [429, 503].include?(answer.status)
    pause.prolong(seconds) if seconds
    raise Failure.new("retry_later", "the server answered #{answer.status}", status: answer.status, not_before: seconds)
  rescue Wire::Lost => error
    raise Failure.new("transport_error", "no whole answer came: #{error.message}")
  rescue Wire::Untrusted => error
    raise Failure.new("security_error", error.message)
  rescue Wire::Unreadable => error
    raise Failure.new("protocol_error", error.message)
  end

  # Give the seconds to wait (RFC 9110, section 10.2.3), nil for none and for nonsense.
  def retry_after(answer)
    value = answer.headers["retry-after"].to_s
    seconds = value.match?(/\A\d{1,9}\z/) ? value.to_f : Time.httpdate(value).to_f - Time.now.to_f
    seconds if seconds.positive?
  rescue ArgumentError
    nil
  end

  def check_confidential(url)
    uri = URI(url)
    return if uri.scheme == "https" || uri.hostname.match?(/\A(localhost|::1|127\.\d+\.\d+\.\d+)\z/)
    raise Failure.new("security_error", "plain http to #{uri.hostname}")
  end

  def read(answer)
    document = JSON.parse(answer.body.dup.force_encoding("UTF-8").scrub)
    document.is_a?(Hash) ? document : {}
  rescue JSON::ParserError
    {}
  end

  # RFC 6749, sections 5.1 and 5.2.
  def read_token(answer, asked)
    members = read(answer)
    if answer.status / 100 != 2 || members.key?("error")
      code = members["error"] if members["error"].is_a?(String)
      kind = KINDS[code] unless answer.status / 100 == 3
      raise Failure.new(kind || "protocol_error", "the token endpoint answered #{answer.status} #{short(code)}", code: code && short(code), status: answer.status)
    end
    access, type, refresh, scope = members.values_at("access_token", "token_type", "refresh_token", "scope")
    refresh = nil if refresh == ""
    unless token?(access) && type.is_a?(String) && type.casecmp?("bearer") && (refresh.nil? || token?(refresh))
      raise Failure.new("protocol_error", "the token endpoint answered #{answer.status} without a token", status: answer.status)
    end
    lifetime = read_lifetime(members["expires_in"])
    { access: access, refresh: refresh, scope: (scope if scope.is_a?(String) && scope.valid_encoding?), lifetime: lifetime, expires_at: lifetime && asked + lifetime }
  end

  def token?(text) = text.is_a?(String) && text.valid_encoding? && text.match?(/\A[\x21-\x7e]+\z/)

  def read_lifetime(value)
    value = Integer(value, 10) if value.is_a?(String) && value.match?(/\A\d{1,10}\z/)
    value if value.is_a?(Numeric) && value.abs <= 10**10
  end

  def check_document(answer, path)
    document = read(answer)
    if answer.status / 100 == 2
      return if answer.status == 204 || (path == "/ping" && answer.body.empty?)
      return if document.key?("data") && !document.key?("errors")
    end
    code = bearer_error(answer)
    is_refused = [402, 403].include?(answer.status) || (answer.status == 401 && code == "insufficient_scope")
    kind = is_refused ? "config_error" : answer.status == 401 ? "reauth_required" : "protocol_error"
    errors = document["errors"].is_a?(Array) ? document["errors"].grep(Hash).first(5) : []
    told = errors.flat_map { |one| one.values_at("title", "detail") }.grep(String).map { |text| short(text) }
    raise Failure.new(kind, ["the API answered #{answer.status}", *told].join(": "), status: answer.status, api_status: answer.status, code: code && short(code))
  end

  # The `error` of the Bearer challenge (RFC 9110, section 11.6.1).
  def bearer_error(answer)
    text, scheme = answer.headers["www-authenticate"].to_s.dup.force_encoding("UTF-8").scrub, nil
    text.scan(/([^\s,="]+)[ \t]*(=[ \t]*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/) do |word, parameter, quoted, plain|
      next scheme = word.downcase unless parameter
      return (quoted || plain).gsub(/\\(.)/, '\1') if scheme == "bearer" && word.downcase == "error"
    end
    nil
  end
end

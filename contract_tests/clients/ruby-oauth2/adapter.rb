# Ruby's oauth2 gem, as Debian 12 has it: a token object that makes calls and can refresh; when to refresh, the callback and the store are its user's.
%w[digest json oauth2 oauth2/version securerandom].each { |name| require name }

OUT = $stdout.dup
$stdout = $stderr
OPS = %w[begin callback call refresh seed state].freeze
READY = { type: "ready", protocol: 1, client: { name: "oauth2", version: OAuth2::Version.to_s, language: "ruby #{RUBY_VERSION}" }, ops: OPS,
          features: { refresh: "explicit", auth_methods: ["client_secret_post"], base_path: true, logs: ["stderr"], state: "adapter" } }.freeze
KINDS = { "invalid_grant" => "reauth_required", "server_error" => "retry_later", "temporarily_unavailable" => "retry_later",
          **%w[invalid_client invalid_request invalid_scope unauthorized_client unsupported_grant_type].to_h { |code| [code, "config_error"] } }.freeze

# The adapter's own word for what the library has no exception for.
class Failure < StandardError
  attr_reader :kind

  def initialize(kind, text) = (super(text); @kind = kind)
end

def left_to_user(step) = Failure.new("unsupported", "#{step} is left to the library's user")

def client(config)
  OAuth2::Client.new(config["client_id"], config["client_secret"], auth_scheme: :request_body, authorize_url: config["authorize_url"],
                     token_url: config["token_url"], connection_opts: { request: { timeout: 8 }, proxy: nil })
end

def begin_flow(config, user)
  user[:flow] = SecureRandom.urlsafe_base64(32)
  { authorize_url: client(config).auth_code.authorize_url(redirect_uri: config["redirect_uri"], scope: config["scopes"].join(" "), state: user[:flow]) }
end

def callback(config, user, url)
  answer = URI.decode_www_form(URI(url).query.to_s).group_by(&:first).transform_values { |pairs| pairs.map(&:last) }
  expected = user.delete(:flow)
  is_answer = expected && answer["state"] == [expected] && answer["code"]&.one?
  raise left_to_user("reading the callback") if !is_answer || answer.key?("error")
  user[:token] = client(config).auth_code.get_token(answer["code"].first, redirect_uri: config["redirect_uri"])
  {}
end

def refresh(user)
  raise Failure.new("reauth_required", "there is nothing to refresh with") unless user[:token]&.refresh_token
  user[:token] = user[:token].refresh!
  {}
end

# Read the answer as any caller reads it: its status, and then its JSON.
def call(config, user, message)
  raise Failure.new("reauth_required", "not connected") unless user[:token]
  method = (message["method"] || "GET").downcase.to_sym
  content = %i[post put patch].include?(method) ? { body: JSON.generate(message["body"] || {}) } : {}
  answer = user[:token].request(method, config["api_base"] + message["path"], content)
  raise Failure.new("protocol_error", "status #{answer.status}") unless (200..299).cover?(answer.status)
  raise Failure.new("protocol_error", "no JSON object came") unless answer.status == 204 || message["path"] == "/ping" || document?(answer.body)
  { http_status: answer.status }
end

def document?(body)
  JSON.parse(body).is_a?(Hash)
rescue JSON::ParserError, EncodingError
  false
end

def seed(config, user, token)
  user[:token] = OAuth2::AccessToken.from_hash(client(config), token.compact)
  {}
end

def state(user)
  token = user[:token]
  return { token: nil, needs_reauth: true } if token.nil? || token.token.empty?
  hashed = ->(text) { text.to_s.empty? ? nil : "sha256:#{Digest::SHA256.hexdigest(text.to_s)}" }
  { needs_reauth: false, token: { access_token: hashed.(token.token), refresh_token: hashed.(token.refresh_token), expires_at: token.expires_at } }
end

def run(config, user, message)
  case message["op"]
  when "begin" then begin_flow(config, user)
  when "callback" then callback(config, user, message["url"])
  when "refresh" then refresh(user)
  when "call" then call(config, user, message)
  when "seed" then seed(config, user, message["token"])
  when "state" then state(user)
  else raise Failure.new("unsupported", "no #{message["op"]}")
  end
end

def kind_of(error, op)
  case error
  when Failure then error.kind
  when Faraday::ConnectionFailed, Faraday::TimeoutError, Faraday::SSLError then "transport_error"
  when OAuth2::Error
    status = error.response.status
    return "retry_later" if status == 429 || status >= 500
    return { 401 => "reauth_required", 403 => "config_error" }.fetch(status, "protocol_error") if op == "call"
    KINDS.fetch(error.code, "protocol_error")
  else "bug"
  end
end

# A text that is JSON, and fits into a line of the protocol.
def shown(text) = text.dup.force_encoding("UTF-8").scrub[0, 50_000]

def failed(error, op)
  status = error.response.status if error.is_a?(OAuth2::Error)
  code = error.code if error.is_a?(OAuth2::Error) && error.code.is_a?(String)
  told = { class: error.class.name, message: shown(error.message), repr: shown(error.inspect), code: code && shown(code), http_status: status }
  { kind: kind_of(error, op), reason: shown(error.message), error: told, http_status: op == "call" ? status : nil }
end

config, users = {}, {}
OUT.puts(JSON.generate(READY)).then { OUT.flush }
$stdin.each_line do |line|
  message, reply = JSON.parse(line), { kind: "ok" }
  config, users = message["config"], Hash.new { |all, name| all[name] = {} } if message["type"] == "configure"
  begin
    reply = { kind: "ok", **run(config, users[message["user"] || "u1"], message) } if message["type"] == "command"
  rescue StandardError => error
    reply = failed(error, message["op"])
  end
  OUT.puts(JSON.generate({ **reply, type: "result", id: message["id"] })).then { OUT.flush }
end

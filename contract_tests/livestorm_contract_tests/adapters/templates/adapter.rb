# An adapter in Ruby, without gems: `livestorm-mock check --client "ruby adapter.rb"`.
# Call your own wrapper where it says YOURS, and claim in READY only what it can do.
%w[digest json net/http securerandom].each { |name| require name }

OUT = $stdout.dup
$stdout = $stderr # standard output is for the protocol only
READY = { type: "ready", protocol: 1, client: { name: "my-ruby-client", version: "1", language: "ruby" },
          ops: %w[begin callback seed state], # this client has no call layer
          features: { auth_methods: ["client_secret_post"], base_path: true, state: "adapter" } }

class Failure < StandardError # YOURS: map the exceptions of your wrapper instead
  attr_reader :more
  def initialize(kind, **more) = (super(kind); @more = more)
end

def exchange(config, form) # YOURS
  form = form.merge(config.slice("client_id", "client_secret", "redirect_uri"))
  answer = Net::HTTP.post_form(URI(config["token_url"]), form)
  wait = answer["Retry-After"]&.match?(/\A\d+\z/) ? { not_before_s: answer["Retry-After"].to_i } : {}
  raise Failure.new("retry_later", **wait) if answer.code == "429" || answer.code >= "500"
  token = JSON.parse(answer.body.to_s)
  good = answer.code.start_with?("2") && token.is_a?(Hash) && !token.key?("error") && token["access_token"].is_a?(String)
  good ? token : raise(Failure.new("protocol_error"))
rescue JSON::ParserError
  raise Failure.new("protocol_error")
rescue SystemCallError, IOError, Timeout::Error
  raise Failure.new("transport_error")
end

# A reply's `http_status` is that of the API's last answer; the token endpoint's goes into `error`.
def run(op, config, user, message) # YOURS: each calls your wrapper
  case op
  when "begin"
    query = config.slice("client_id", "redirect_uri").merge(response_type: "code", scope: config["scopes"].join(" "), state: user[:state] = SecureRandom.urlsafe_base64(32))
    { authorize_url: "#{config['authorize_url']}?#{URI.encode_www_form(query)}" }
  when "callback"
    answer, expected = URI.decode_www_form(URI(message["url"]).query.to_s).to_h, user.delete(:state)
    raise Failure.new("security_error") unless expected && answer["state"] == expected
    raise Failure.new(answer["error"] == "access_denied" ? "denied" : "config_error") if answer["error"] || !answer["code"]
    user[:token] = exchange(config, grant_type: "authorization_code", code: answer["code"]) and {}
  when "seed" then (user[:token] = message["token"]) and {}
  when "state"
    held = user[:token]&.slice("access_token", "refresh_token")&.compact&.transform_values { |text| text.is_a?(String) ? "sha256:#{Digest::SHA256.hexdigest(text)}" : text }
    { token: held, needs_reauth: held.nil? }
  end
end

config, users = {}, {}
OUT.puts(READY.to_json).then { OUT.flush }
$stdin.each_line do |line|
  message = JSON.parse(line)
  config, users = message["config"], Hash.new { |all, user| all[user] = {} } if message["type"] == "configure"
  known = message["type"] != "command" || READY[:ops].include?(message["op"])
  reply = message["type"] == "command" && known ? run(message["op"], config, users[message["user"] || "u1"], message) : {}
  OUT.puts({ kind: known ? "ok" : "unsupported", **reply, type: "result", id: message["id"] }.to_json).then { OUT.flush }
rescue StandardError => error
  told = error.is_a?(Failure) ? { kind: error.message, **error.more } : { kind: "bug" }
  OUT.puts({ **told, error: { class: error.class.name, message: error.message, repr: error.inspect }, type: "result", id: message["id"] }.to_json).then { OUT.flush }
end

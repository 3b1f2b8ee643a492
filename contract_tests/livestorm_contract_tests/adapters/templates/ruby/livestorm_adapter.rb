# The adapter: `livestorm-mock check --client "ruby livestorm_adapter.rb"` drives a client by it.
# Now it drives the example beside it, and passes. What is marked YOURS is to be changed: call your
# own client there, and claim in READY what it does. docs/adapter-protocol.md of
# livestorm-mock has all the members.
require_relative "livestorm_example" # YOURS: your client, and the errors that it raises

READY = {
  type: "ready",
  protocol: 1,
  client: { name: "my-client", version: "1", language: "ruby #{RUBY_VERSION}" }, # YOURS: what reports call it
  # YOURS: what it can do at all. What is missing is skipped and shown, never passed; further
  # operations are `list`, `clock`, `cancel`, and `restart` for a client that stores in files.
  ops: %w[begin callback call refresh seed state],
  # YOURS: what it does by itself. A claim that is not true fails.
  features: {
    refresh: "explicit", # `auto`: `call` refreshes by itself
    on_401: false, # `call` answers a 401 by a refresh, and tries again
    refresh_ahead: false, # `call` sends no token whose `expires_at` has passed
    parallel: false, # several commands at once
    persist: "none", # `file`: tokens outlive the process under `store_dir`
    pkce: true,
    iss: true,
    auth_methods: ["client_secret_post"],
    base_path: true, # all URLs are taken from `config`, their paths included
    state: "library" # who compares `state`: the client, or this adapter
  }
}.freeze

OUT = $stdout.dup
OUT.sync = true
$stdout.reopen($stderr) # standard output is for the protocol only

# Carry out one operation; what it gives is added to the reply.
def carry_out(op, client, message)
  case op
  when "begin" then { authorize_url: client.begin } # YOURS
  when "callback" then client.callback(message["url"]) && {} # YOURS
  when "call"
    method = message.fetch("method", "GET")
    body = message.fetch("body", {}) if %w[POST PUT PATCH].include?(method)
    { http_status: client.call(method, message["path"], body) } # YOURS
  when "refresh" then client.refresh && {} # YOURS
  when "seed" then client.store(message["token"]) && {} # YOURS: store a token as an exchange would
  when "state" # say what is stored; a token is named by its hash, never shown
    held = client.token # YOURS: a hash with what is read from it below, or nil
    return { token: nil, needs_reauth: false } unless held
    # What is no text is told as it is, for the report to name it.
    hashes = held.slice("access_token", "refresh_token").transform_values { |text| text.is_a?(String) ? "sha256:#{Digest::SHA256.hexdigest(text)}" : text }
    { token: { **hashes, **held.slice("expires_at", "scope") }, needs_reauth: client.needs_reauth } # YOURS
  end
end

# Show an error as your users would see it: the suite looks for secrets in it.
def told(error, **more) = { class: error.class.name, message: error.message, repr: error.full_message(highlight: false), **more }

def reply_to(message, config, users)
  op, user = message.values_at("op", "user")
  return { kind: "ok" } if %w[configure end_case].include?(message["type"])
  return { kind: "unsupported", reason: "no #{op}" } unless message["type"] == "command" && READY[:ops].include?(op)
  client = users[user] ||= Client.new(config) # YOURS: make your client; each user has a connection of its own
  { kind: "ok", **carry_out(op, client, message) }
rescue Failure => failure
  # YOURS: each of your errors is one of the protocol's kinds. With a class for each:
  # KINDS = { NotConnected => "reauth_required", TimedOut => "transport_error" }
  # kind = KINDS.fetch(failure.class)
  kind, code, status, wait = failure.kind, failure.code, failure.status, failure.wait
  # `http_status` is the API's only; the token endpoint's belongs into `error` alone.
  { kind: kind, http_status: op == "call" ? status : nil, not_before_s: wait, error: told(failure, code: code, http_status: status) }
rescue StandardError => error # what no caller of yours is told to expect
  { kind: "bug", error: told(error) }
end

config, users = {}, {}
OUT.puts(JSON.generate(READY))
$stdin.each_line do |line|
  message = JSON.parse(line)
  config, users = message["config"], {} if message["type"] == "configure" # a new case: nothing of the one before is kept
  OUT.puts(JSON.generate({ type: "result", id: message["id"], **reply_to(message, config, users) }))
end

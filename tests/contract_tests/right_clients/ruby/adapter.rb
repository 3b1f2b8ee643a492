# Brings the commands of the suite to the client in client.rb.
require "digest"
require "json"
require_relative "client"

OUT = $stdout.dup
$stdout = $stderr
OPS = %w[begin callback call refresh seed state restart].freeze
READY = { type: "ready", protocol: 1, client: { name: "right-ruby", version: "1", language: "ruby #{RUBY_VERSION}" }, ops: OPS,
          features: { refresh: "auto", on_401: true, parallel_calls: 16, persist: "file", pkce: true, auth_methods: ["client_secret_post"],
                      base_path: true, tls_ca: true, logs: ["stderr"], state: "library", refresh_ahead: true } }.freeze
MUTEX = Mutex.new

def send_line(message)
  MUTEX.synchronize { OUT.puts(JSON.generate(message)).then { OUT.flush } }
end

def attempt
  { kind: "ok", **(yield || {}) }
rescue StandardError => error
  failure = error.is_a?(Failure) ? error.more : {}
  told = { class: error.class.name, message: error.message, repr: error.full_message(highlight: false), code: failure[:code], http_status: failure[:status] }
  { kind: error.is_a?(Failure) ? error.kind : "bug", error: told, http_status: failure[:api_status],
    not_before_s: failure[:not_before]&.ceil(3) }.compact
end

def call(client, user, message)
  method = message["method"] || "GET"
  body = JSON.generate(message["body"] || {}) if %w[POST PUT PATCH].include?(method)
  threads = Array.new(message["parallel"] || 1) do
    Thread.new { attempt { { http_status: client.call(user, method, message["path"], body) } } }
  end
  results = threads.map(&:value)
  { **(results.find { |one| one[:kind] != "ok" } || results.first), results: results }
end

def state(client, user)
  held = client.held(user)
  return { token: nil, needs_reauth: false } unless held
  hashed = ->(text) { text && "sha256:#{Digest::SHA256.hexdigest(text)}" }
  { needs_reauth: !held[:dead].nil?, token: { access_token: hashed.(held[:access]), refresh_token: hashed.(held[:refresh]), **held.slice(:expires_at, :scope) } }
end

def run(client, message)
  user = message["user"] || "u1"
  case message["op"]
  when "begin" then attempt { { authorize_url: client.authorize_url(user) } }
  when "callback" then attempt { client.callback(user, message["url"]) && {} }
  when "refresh" then attempt { client.refresh(user) && {} }
  when "seed" then attempt { client.seed(user, message["token"]) && {} }
  when "state" then attempt { state(client, user) }
  when "call" then call(client, user, message)
  else { kind: "unsupported", reason: "no #{message["op"]}" }
  end
end

send_line(READY)
client = nil
$stdin.each_line do |line|
  message = JSON.parse(line)
  reply = { kind: "ok" }
  case message["type"]
  when "configure"
    client = Client.new(message["config"]) { |user| send_line({ type: "event", event: "token_saved", user: user }) }
  when "command" then reply = run(client, message)
  when "end_case" then nil
  else reply = { kind: "unsupported", reason: "no #{message["type"]}" }
  end
  send_line({ **reply, type: "result", id: message["id"] })
end

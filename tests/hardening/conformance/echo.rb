# frozen_string_literal: true

# Puma with an application that says in the answer's head what it saw of the request.
#
#   ruby echo.rb
#
# Prints its port as the first line once it accepts connections.

require "json"
require "puma"
require "puma/server"

MOST_SHOWN = 200

def text(value)
  value.dup.force_encoding(Encoding::ISO_8859_1).encode(Encoding::UTF_8)
end

def fields(env)
  named = env.select { |name, _| name.start_with?("HTTP_") || name == "CONTENT_TYPE" }
  named.to_h { |name, value| [text(name.delete_prefix("HTTP_")), text(value)[0, MOST_SHOWN]] }
end

ECHO = lambda do |env|
  seen = {
    method: env["REQUEST_METHOD"],
    path: text(env["PATH_INFO"])[0, MOST_SHOWN],
    query: text(env["QUERY_STRING"] || "")[0, MOST_SHOWN],
    fields: fields(env),
    body: text(env["rack.input"].read || "")[0, MOST_SHOWN],
  }
  [200, { "X-Request-Id" => "1", "X-Seen" => JSON.generate(seen, ascii_only: true) }, [""]]
end

quiet = Puma::Events.new(File.open(File::NULL, "w"), File.open(File::NULL, "w"))
server = Puma::Server.new(ECHO, quiet, min_threads: 1, max_threads: 16, environment: "production")
port = server.add_tcp_listener("127.0.0.1", 0).addr[1]
%w[INT TERM].each { |signal| trap(signal) { server.stop } }
thread = server.run
puts port
$stdout.flush
thread.join

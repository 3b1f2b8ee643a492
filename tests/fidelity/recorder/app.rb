# frozen_string_literal: true

# A provider on Debian's Doorkeeper 5.5, the engine that the fake is held against.
#
#   ruby app.rb [PROFILE] [--port PORT] [--log]
#
# Prints its URL as the first line once it accepts connections; data lives in a temporary folder.

require "optparse"
require "tmpdir"

PROFILES = %w[
  main consent fast instant noscope flows reuse never ctype appscopes nopkce redirect anonymous
  nointrospect refuseintrospect skip noaccept
].freeze

OPTIONS = { port: 0, log: false }
OptionParser.new do |parser|
  parser.banner = "usage: ruby app.rb [PROFILE] [--port PORT] [--log]\nprofiles: #{PROFILES.join(' ')}"
  parser.on("--port PORT", Integer, "0, the default, takes a free port") { |port| OPTIONS[:port] = port }
  parser.on("--log", "write Rails' log to standard error") { OPTIONS[:log] = true }
end.parse!
PROFILE = ARGV.fetch(0, "main")
abort "unknown profile #{PROFILE}, have: #{PROFILES.join(' ')}" unless PROFILES.include?(PROFILE)

ENV["RAILS_ENV"] = "production"
FOLDER = Dir.mktmpdir("livestorm-recorder")
at_exit { FileUtils.remove_entry(FOLDER) }

require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "action_view/railtie"
require "puma"
require "puma/server"
require "doorkeeper"

{ 404 => "not found", 422 => "change rejected", 500 => "server error" }.each do |status, words|
  Dir.mkdir("#{FOLDER}/public") unless Dir.exist?("#{FOLDER}/public")
  File.write("#{FOLDER}/public/#{status}.html",
             "<!DOCTYPE html>\n<html><head><title>#{words} (#{status})</title></head>" \
             "<body><h1>#{words}</h1></body></html>\n")
end

ENV["DATABASE_URL"] = "sqlite3:#{FOLDER}/recorder.sqlite3?timeout=5000&pool=16"

class Recorder < Rails::Application
  config.root = FOLDER
  config.load_defaults 6.1
  config.eager_load = false
  config.cache_classes = true
  config.consider_all_requests_local = false
  config.secret_key_base = SecureRandom.hex(64)
  config.session_store :cookie_store, key: "_oracle_session"
  config.paths["public"] = "#{FOLDER}/public"
  config.public_file_server.enabled = false
  config.action_dispatch.ignore_accept_header = PROFILE == "noaccept"
  config.logger = Logger.new(OPTIONS[:log] ? $stderr : IO::NULL)
end

Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator { PROFILE == "anonymous" ? nil : User.first }
  resource_owner_from_credentials do |_routes|
    User.find_by(email: params[:username]) if params[:password] == "secret"
  end
  skip_authorization { PROFILE != "consent" }
  use_refresh_token
  force_ssl_in_redirect_uri false

  default_scopes :"identity:read" unless PROFILE == "noscope"
  optional_scopes(*(PROFILE == "noscope" ? [:"identity:read"] : []),
                  :"events:read", :"events:write", :"admin:read", :"admin:write",
                  :"webhooks:read", :"webhooks:write")

  grant_flows(PROFILE == "flows" ? %w[authorization_code client_credentials password implicit] : %w[authorization_code])
  access_token_expires_in({ "fast" => 2, "never" => nil }.fetch(PROFILE, 7200))
  authorization_code_expires_in(PROFILE == "fast" ? 2 : 600)
  reuse_access_token if PROFILE == "reuse"
  enforce_content_type if PROFILE == "ctype"
  handle_auth_errors :redirect if PROFILE == "redirect"
  allow_token_introspection false if PROFILE == "nointrospect"
  allow_token_introspection { |_token, _client, _asking_token| false } if PROFILE == "refuseintrospect"
end

Recorder.initialize!

SCOPES = %i[identity:read events:read events:write admin:read admin:write webhooks:read webhooks:write].freeze
I18n.backend.store_translations(
  :en, doorkeeper: { scopes: SCOPES.to_h { |scope| [scope, "Scope #{scope}"] } }
)

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |table| table.string :email, null: false }
  create_table :oauth_applications do |table|
    table.string :name, null: false
    table.string :uid, null: false, index: { unique: true }
    table.string :secret, null: false
    table.text :redirect_uri, null: false
    table.string :scopes, null: false, default: ""
    table.boolean :confidential, null: false, default: true
    table.timestamps null: false
  end
  create_table :oauth_access_grants do |table|
    table.references :resource_owner, null: false
    table.references :application, null: false
    table.string :token, null: false, index: { unique: true }
    table.integer :expires_in, null: false
    table.text :redirect_uri, null: false
    table.datetime :created_at, null: false
    table.datetime :revoked_at
    table.string :scopes, null: false, default: ""
    unless PROFILE == "nopkce"
      table.string :code_challenge
      table.string :code_challenge_method
    end
  end
  create_table :oauth_access_tokens do |table|
    table.references :resource_owner
    table.references :application
    table.string :token, null: false, index: { unique: true }
    table.string :refresh_token, index: { unique: true }
    table.integer :expires_in
    table.datetime :revoked_at
    table.datetime :created_at, null: false
    table.string :scopes
    table.string :previous_refresh_token, null: false, default: "" unless PROFILE == "instant"
  end
end

class User < ActiveRecord::Base
end

User.create!(id: 1, email: "host@example.test")

def seed_application(id, name, prefix, confidential, *redirect_uris)
  Doorkeeper::Application.create!(
    id: id, name: name, uid: "#{prefix}-client-id", secret: "#{prefix}-client-secret",
    confidential: confidential, redirect_uri: redirect_uris.join("\n"),
    scopes: PROFILE == "appscopes" ? "identity:read events:read" : "",
  )
end

seed_application(1, "Confidential App", "conf", true,
                 "https://client.example.test/callback", "https://client.example.test/query?fixed=1",
                 "http://127.0.0.1:7777/loop", "http://localhost:3999/cb",
                 "com.example.app:/oauth2redirect", "urn:ietf:wg:oauth:2.0:oob")
seed_application(2, "Public App", "public", false, "https://public.example.test/cb")
seed_application(3, "Other App", "other", true, "https://other.example.test/cb")

class ResourcesController < ActionController::API
  before_action(only: :me) { doorkeeper_authorize! :"identity:read" }
  before_action(only: :any_of) { doorkeeper_authorize! :"events:write", :"admin:write" }
  before_action(only: :default) { doorkeeper_authorize! }

  def me
    user = User.find(doorkeeper_token.resource_owner_id)
    render json: { data: { id: user.id.to_s, type: "people", attributes: { email: user.email } } }
  end

  def any_of
    render json: { ok: true }
  end

  def default
    render json: { ok: true }
  end
end

Rails.application.routes.draw do
  use_doorkeeper do
    skip_controllers :applications, :authorized_applications, :token_info if PROFILE == "skip"
  end
  get "/v1/me", to: "resources#me"
  get "/v1/any_of", to: "resources#any_of"
  match "/v1/default", to: "resources#default", via: %i[get post]
end

server = Puma::Server.new(Rails.application, Puma::Events.new($stderr, $stderr),
                          min_threads: 1, max_threads: 8, environment: "production")
port = server.add_tcp_listener("127.0.0.1", OPTIONS[:port]).addr[1]
%w[INT TERM].each { |signal| trap(signal) { server.stop } }
thread = server.run
puts "http://127.0.0.1:#{port}"
$stdout.flush
thread.join

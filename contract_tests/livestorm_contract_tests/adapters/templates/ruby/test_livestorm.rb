# A first test: `livestorm-mock serve` is a fake Livestorm, and each test has a sandbox of its own.
require "minitest/autorun"
require "open3"
require_relative "livestorm_example" # YOURS

INPUT, OUTPUT, = Open3.popen2("livestorm-mock", "serve", "--port", "0", "--json", "--exit-with-parent")
SERVER = JSON.parse(OUTPUT.gets)
Minitest.after_run { INPUT.close } # which ends it

def control(url, body)
  answer = Net::HTTP.post(URI(url), JSON.generate(body), "content-type" => "application/json")
  raise answer.body unless answer.is_a?(Net::HTTPSuccess)
  JSON.parse(answer.body)
end

class LivestormTest < Minitest::Test
  def setup
    @sandbox = control("#{SERVER['control_url']}/sandboxes", {})
    @client = Client.new(
      "authorize_url" => "#{@sandbox['app_url']}/oauth/authorize",
      "token_url" => "#{@sandbox['app_url']}/oauth/token",
      "api_base" => @sandbox["api_url"],
      "client_id" => @sandbox["client_id"],
      "client_secret" => @sandbox["client_secret"],
      "redirect_uri" => @sandbox["redirect_uris"].first,
      "scopes" => ["identity:read"]
    )
    # The user at the browser:
    back = control("#{@sandbox['control_url']}/authorize", { url: @client.begin, decision: "approve" })
    @client.callback(back["location"])
  end

  def test_connected_user_can_call
    assert_equal 200, @client.call("GET", "/me")
  end

  def test_limit_is_told_with_its_wait
    control("#{@sandbox['control_url']}/faults", { on: "api.me", fault: "rate_limited", retry_after: 2 })
    failure = assert_raises(Failure) { @client.call("GET", "/me") }
    assert_equal ["retry_later", 2], [failure.kind, failure.wait]
  end
end

# Sign in and ask who one is, over net/http.
require 'json'
require 'net/http'

APP = 'https://app.livestorm.co'
API = 'https://api.livestorm.co/v1'

application = {
  client_id: ENV.fetch('LIVESTORM_CLIENT_ID'),
  redirect_uri: ENV.fetch('LIVESTORM_REDIRECT_URI')
}

authorize = URI("#{APP}/oauth/authorize")
authorize.query = URI.encode_www_form(application.merge(response_type: 'code', scope: 'identity:read'))
location = URI(Net::HTTP.get_response(authorize)['Location'])
code = URI.decode_www_form(location.query).to_h.fetch('code')

form = application.merge(
  grant_type: 'authorization_code',
  code: code,
  client_secret: ENV.fetch('LIVESTORM_CLIENT_SECRET')
)
issued = Net::HTTP.post_form(URI("#{APP}/oauth/token"), form)
token = JSON.parse(issued.body).fetch('access_token')

me = Net::HTTP.get(URI("#{API}/me"), { 'Authorization' => "Bearer #{token}" })
puts JSON.generate(email: JSON.parse(me).dig('data', 'attributes', 'email'))

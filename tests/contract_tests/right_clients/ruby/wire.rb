# HTTP/1.1 over a socket of its own for each request: one deadline for all of it, and limits for
# head and body, which Net::HTTP does not have.
require "openssl"
require "socket"
require "uri"

class Wire
  SECONDS = 6
  LONGEST_HEAD = 64 << 10
  LONGEST_BODY = 1 << 20

  class Lost < StandardError; end      # no whole answer came
  class Untrusted < StandardError; end # the certificate is refused
  class Unreadable < StandardError; end # the answer is no HTTP, or too long

  Answer = Struct.new(:status, :headers, :body)

  def initialize(ca_pem)
    @ca_pem = ca_pem
  end

  def request(method, url, headers, body = nil)
    uri = URI(url)
    @ends_at = now + SECONDS
    @socket, @buffer = connect(uri), "".b
    write(head(method, uri, headers, body) + body.to_s)
    read_answer
  rescue SystemCallError, SocketError, IOError, OpenSSL::SSL::SSLError => error
    raise Lost, error.class.name
  ensure
    @socket&.close
  end

  private

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def left
    seconds = @ends_at - now
    seconds.positive? ? seconds : raise(Lost, "it took more than #{SECONDS} s")
  end

  def connect(uri)
    plain = Socket.tcp(uri.hostname, uri.port, connect_timeout: left)
    return plain if uri.scheme == "http"
    secure = OpenSSL::SSL::SSLSocket.new(plain, context)
    secure.sync_close = true
    secure.hostname = uri.hostname unless uri.hostname.match?(/\A[\d.:]+\z/)
    waiting(secure) { secure.connect_nonblock }
    secure.post_connection_check(uri.hostname)
    secure
  rescue OpenSSL::SSL::SSLError => error
    plain&.close
    raise Untrusted, "the server's certificate is refused" if error.message.match?(/certificate|hostname/i)
    raise
  end

  def context
    store = OpenSSL::X509::Store.new
    @ca_pem ? store.add_cert(OpenSSL::X509::Certificate.new(@ca_pem)) : store.set_default_paths
    OpenSSL::SSL::SSLContext.new.tap { |one| one.set_params(cert_store: store, verify_mode: OpenSSL::SSL::VERIFY_PEER) }
  end

  def head(method, uri, headers, body)
    authority = uri.port == uri.default_port ? uri.host : "#{uri.host}:#{uri.port}"
    lines = { "Host" => authority, "Connection" => "close", **headers }
    lines["Content-Length"] = body.bytesize if body
    ["#{method} #{uri.request_uri} HTTP/1.1", *lines.map { |pair| pair.join(": ") }, "", ""].join("\r\n")
  end

  def waiting(socket = @socket)
    yield
  rescue IO::WaitReadable
    IO.select([socket], nil, nil, left)
    retry
  rescue IO::WaitWritable
    IO.select(nil, [socket], nil, left)
    retry
  end

  def write(bytes)
    bytes = bytes.b
    bytes = bytes.byteslice(waiting { @socket.write_nonblock(bytes) }..) until bytes.empty?
  end

  # Give more bytes, nil at the end.
  def more
    waiting { @socket.read_nonblock(16 << 10) }
  rescue EOFError
    nil
  end

  def fill = @buffer << (more || raise(Lost, "the connection ended within the answer"))

  def line(most)
    until (at = @buffer.index("\r\n"))
      raise Unreadable, "a line is too long" if @buffer.bytesize > most
      fill
    end
    @buffer.slice!(0, at + 2).chomp("\r\n")
  end

  def take(size)
    fill while @buffer.bytesize < size
    @buffer.slice!(0, size)
  end

  def read_answer
    loop do
      status, headers = read_head
      next if status.between?(100, 199)
      return Answer.new(status, headers, read_body(status, headers))
    end
  end

  def read_head
    status = line(LONGEST_HEAD)[%r{\AHTTP/1\.[01] (\d{3})(?: |\z)}, 1] || raise(Unreadable, "no status line came")
    headers, size = Hash.new { |all, name| all[name] = [] }, 0
    until (field = line(LONGEST_HEAD)).empty?
      raise Unreadable, "the head is too long" if (size += field.bytesize) > LONGEST_HEAD
      name, value = field.split(":", 2)
      headers[name.downcase] << value.to_s.strip
    end
    [status.to_i, headers.transform_values { |values| values.join(", ") }.tap { |all| all.default = nil }]
  end

  def read_body(status, headers)
    return "" if [204, 304].include?(status)
    raise Unreadable, "the answer is encoded, which nobody asked for" unless [nil, "identity"].include?(headers["content-encoding"])
    return read_chunks if headers["transfer-encoding"].to_s.downcase.include?("chunked")
    size = headers["content-length"]
    return read_to_end unless size
    raise Unreadable, "the length is no number" unless size.match?(/\A\d{1,15}\z/)
    check_length(size.to_i)
    take(size.to_i)
  end

  def read_chunks
    body = "".b
    loop do
      size = line(LONGEST_HEAD)[/\A\h{1,8}(?=\z|[ ;])/] || raise(Unreadable, "a chunk has no length")
      check_length(body.bytesize + size.hex)
      break if size.hex.zero?
      body << take(size.hex)
      raise Unreadable, "a chunk is longer than it says" unless take(2) == "\r\n"
    end
    nil until line(LONGEST_HEAD).empty?
    body
  end

  def read_to_end
    while (bytes = more)
      @buffer << bytes
      check_length(@buffer.bytesize)
    end
    @buffer
  end

  def check_length(size)
    raise Unreadable, "the answer is longer than #{LONGEST_BODY} bytes" if size > LONGEST_BODY
  end
end

# A file for each user, replaced in whole, and a lock beside it that holds for threads and processes.
require "digest"
require "fileutils"
require "json"

class FileStore
  class Broken < StandardError; end

  WAIT = 0.02
  MOST_WAIT = 20
  RESERVED = 64 << 10 # more than any pair takes

  Signal.trap("XFSZ", "IGNORE") # so that a limit of the file size is an error like any other

  def initialize(folder)
    @folder = folder
  end

  def load(user)
    JSON.parse(File.read(path(user), encoding: "UTF-8"), symbolize_names: true)
  rescue Errno::ENOENT
    File.directory?(@folder) ? nil : raise(Broken, "the store's folder is missing")
  rescue SystemCallError, JSON::ParserError => error
    raise Broken, "the store can't be read: #{error.class}"
  end

  # Replace what is stored; give the result of the block, which gets a way to save.
  # The space is taken before the block runs, as it may spend what is replaced.
  def replacing(user)
    locked(user) do
      File.open("#{path(user)}.new", "w", 0o600) do |file|
        file.write(" " * RESERVED)
        file.fsync
        yield ->(held) { save(user, file, held) }
      end
    end
  rescue SystemCallError => error
    raise Broken, "the store can't be written: #{error.class}"
  end

  def store(user, held) = replacing(user) { |save| save.(held) }

  private

  def path(user) = File.join(@folder, Digest::SHA256.hexdigest(user))

  def save(user, file, held)
    file.rewind
    file.write(JSON.generate(held))
    file.truncate(file.pos)
    file.fsync
    File.rename(file.path, path(user))
    File.open(@folder, &:fsync)
  rescue SystemCallError
    # What is spent must not be found again.
    FileUtils.rm_f(path(user))
    raise
  end

  def locked(user)
    File.open("#{path(user)}.lock", "a", 0o600) do |file|
      ends_at = Process.clock_gettime(Process::CLOCK_MONOTONIC) + MOST_WAIT
      until file.flock(File::LOCK_EX | File::LOCK_NB)
        raise Broken, "the store stays locked" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > ends_at
        sleep WAIT
      end
      yield
    end
  end
end

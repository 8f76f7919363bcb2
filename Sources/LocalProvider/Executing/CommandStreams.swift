import CProcess
import ProviderKit
import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The streams of a command: our ends of them, and those that the command gets.
struct CommandStreams: Sendable {
  /// Where its input is written.
  let input: OwnedDescriptor
  /// Where its output is read.
  let output: OwnedDescriptor
  /// Where its standard error is read; `nil` with a terminal, which has one stream.
  let error: OwnedDescriptor?
  /// The command's own ends, as ``ServiceCommand/descriptorCount`` counts them.
  let farEnds: [OwnedDescriptor]

  /// Makes a terminal of a size, or three pipes.
  init(terminal size: TerminalSize?) throws(SystemError) {
    if let size {
      var (near, far): (Int32, Int32) = (-1, -1)
      let code = berth_open_terminal(Int32(clamping: size.columns), Int32(clamping: size.rows), &near, &far)
      if code != 0 { throw SystemError("open a terminal", code: code) }
      input = OwnedDescriptor(near)
      output = input
      error = nil
      farEnds = [OwnedDescriptor(far)]
    } else {
      let (inputPipe, outputPipe) = (try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe())
      let errorPipe = try OwnedDescriptor.pipe()
      input = inputPipe.write
      output = outputPipe.read
      error = errorPipe.read
      farEnds = [inputPipe.read, outputPipe.write, errorPipe.write]
    }
    for descriptor in [input, output, error] {
      if let descriptor { Sockets.setNonBlocking(descriptor.value) }
    }
  }
}

import ArgumentParser
import Diagnostics
import Engine
import ProviderKit
import Rendering
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether a command looks again at intervals, and how long these are.
struct WatchOptions: ParsableArguments {
  @Flag(help: "Go on until interrupted: in place on a terminal, else whenever something changed.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: how long to wait between two looks.", valueName: "duration"))
  var interval = "2s"

  func validate() throws {
    guard let length = SpecDuration(interval), length.milliseconds > 0 else {
      throw ValidationError(
        "invalid value '\(interval)' for --interval: expected a length of time with its unit, such as 2s")
    }
  }
}

/// Looks at intervals and shows what it sees until a signal comes. An interrupt is the usual end, and no failure.
struct Watch {
  /// What was seen, in both forms.
  struct Look {
    /// For a person, with ages that go on.
    let text: String
    /// For a program, on one line: two looks differ if these do.
    let json: String
  }

  let options: WatchOptions
  let format: TextOrJSON
  let console: Console

  /// Looks until a signal comes.
  ///
  /// - Parameter look: looks once. If it fails later than the first time, that is shown, and tried again.
  /// - Throws: what the first look threw; `ExitCode` 128 and the signal's number after one that is no interrupt.
  func run(_ look: () async throws -> Look) async throws {
    let received = ReceivedSignal()
    let signals = Signals { received.set($0) }
    defer { withExtendedLifetime(signals) {} }
    var last = try await look()
    show(last, isNew: true)
    while await wait(for: received, showing: last) {
      do {
        let next = try await look()
        show(next, isNew: next.json != last.json)
        last = next
      } catch {
        guard let diagnostics = Diagnostics(error) else { throw UnexpectedError.safe(error) }
        console.warn(diagnostics)
      }
    }
    if let screen = pages {
      screen.leavePage()
      console.write(last.text)
    }
    if let number = received.number, number != SIGINT { throw ExitCode(128 + number) }
  }

  /// The terminal, if what is seen is drawn in place.
  private var pages: Screen? { format == .text ? console.screen : nil }

  private func show(_ look: Look, isNew: Bool) {
    if let screen = pages {
      screen.show(page: look.text)
    } else if isNew {
      switch format {
      case .json: console.write(look.json)
      case .text: console.write("\(EngineEnvironment.live.now())\n\(look.text)\n")
      }
    }
  }

  /// Waits until it is time for the next look, and draws anew when the terminal changes its size.
  ///
  /// - Returns: whether there shall be one.
  private func wait(for signal: ReceivedSignal, showing look: Look) async -> Bool {
    let end = ContinuousClock.now + (SpecDuration(options.interval)?.duration ?? .zero)
    var size = pages?.size
    while signal.number == nil {
      let left = end - ContinuousClock.now
      guard left > .zero else { return true }
      try? await Task.sleep(for: min(left, .milliseconds(100)))
      if let screen = pages, screen.size != size {
        size = screen.size
        screen.show(page: look.text)
      }
    }
    return false
  }
}

import Values

/// A command that is to be run.
public struct FakeExec: Sendable {
  public let allocation: String
  public let task: String
  public let command: [String]
  public let isTerminal: Bool
  /// The number and the words by which it is refused.
  var refusal: (code: UInt16, text: String)?
  var script: FakeExecScript?

  init(allocation: String, task: String, command: [String], isTerminal: Bool) {
    self.allocation = allocation
    self.task = task
    self.command = command
    self.isTerminal = isTerminal
  }

  func refused(_ code: UInt16, _ text: String) -> FakeExec {
    var call = self
    call.refusal = (code, text)
    return call
  }
}

/// What a command does.
public struct FakeExecScript: Sendable {
  /// What it does with a message that comes; at first with none.
  let answer: @Sendable (FakeExecInput) -> [FakeExecOutput]

  public init(_ answer: @escaping @Sendable (FakeExecInput) -> [FakeExecOutput]) { self.answer = answer }

  /// A command that writes, and ends.
  public static func ends(_ code: Int, output: String = "", error: String = "") -> FakeExecScript {
    FakeExecScript { input in
      guard case .begins = input else { return [] }
      var out: [FakeExecOutput] = []
      if !output.isEmpty { out.append(.output(Array(output.utf8))) }
      if !error.isEmpty { out.append(.error(Array(error.utf8))) }
      return out + [.ends(code)]
    }
  }

  /// A command that can't be run, as the end of the connection says.
  public static func fails(_ words: String) -> FakeExecScript {
    FakeExecScript { input in
      if case .begins = input { [.fails(words)] } else { [] }
    }
  }

  /// A command that writes what it reads, and ends with its input.
  public static let echo = FakeExecScript { input in
    switch input {
    case .data(let bytes): [.output(bytes)]
    case .inputEnds: [.ends(0)]
    case .resize(let columns, let rows): [.output(Array("\(columns)x\(rows)\n".utf8))]
    case .begins, .heartbeat: []
    }
  }
}

/// What comes to a command.
public enum FakeExecInput: Sendable {
  case begins
  case data([UInt8])
  case inputEnds
  case resize(columns: Int, rows: Int)
  case heartbeat
}

/// What comes of a command.
public enum FakeExecOutput: Sendable {
  case output([UInt8])
  case error([UInt8])
  case ends(Int)
  /// It fails within, and the connection is closed with words.
  case fails(String)
  /// The connection ends without a word.
  case cut
}

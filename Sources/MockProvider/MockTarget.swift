import Diagnostics
import ProviderKit
import WorkloadSpec

/// What a target of mock machines may say in berth.yaml, besides what every target may say.
public struct MockTarget: SpecObject {
  /// The folder in which the machines are kept.
  public var folder: String?
  /// The images that there are; none for any.
  public var images: [MockImage] = []
  /// The types that there are; none for any.
  public var types: [String] = []
  /// The subnets that there are; none for any.
  public var subnets: [MockSubnet] = []
  /// How long calls take to come to their end.
  public var delay = MockDelay()
  /// The calls that go wrong.
  public var fail: [MockFailure] = []
  /// How many machines a page of a list has.
  public var pageSize = 100

  /// Machines that do at once what they are told.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<MockTarget>(
    "mock target", "Machines that are lines of a file, to try groups of machines with.",
    synonyms: ["path": "folder", "delays": "delay", "failures": "fail", "errors": "fail"],
    fields: [
      Field(
        "folder", \.folder, "the folder in which the machines are kept; by default one below `BERTH_HOME`",
        rules: [.notEmpty]),
      Field("images", \.images, "the images that there are; without any, every name is one"),
      Field("types", \.types, "the types that there are; without any, every word is one"),
      Field("subnets", \.subnets, "the subnets that there are; without any, every name is one with room"),
      Field("delay", \.delay, "how long it takes until a machine is what it was told to be"),
      Field("fail", \.fail, "the calls that go wrong"),
      Field(
        "pageSize", \.pageSize, "how many machines a page of a list has", rules: [.range(1...1000)]),
    ])
}

/// An image of mock machines.
public struct MockImage: SpecElement {
  /// What it is called.
  public var name = ""
  /// What becomes of a machine that is made from it.
  public var outcome = Outcome.works

  /// What becomes of a machine.
  public enum Outcome: String, SpecChoice {
    /// It runs, and passes its checks.
    case works
    /// It runs, and its checks fail.
    case fails
    /// It runs, and its checks come to no end.
    case hangs
    /// It stops by itself.
    case stops
  }

  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Images are told apart by name.
  public var identity: String { name }
  /// The statement of its fields.
  public static let schema = ObjectSchema<MockImage>(
    "mock image", "An image of mock machines.",
    fields: [
      Field("name", \.name, "what it is called", required: true, rules: [.notEmpty]),
      Field("outcome", \.outcome, "what becomes of a machine that is made from it"),
    ])
}

/// A subnet of mock machines.
public struct MockSubnet: SpecElement {
  /// What it is called.
  public var name = ""
  /// How many machines can be in it.
  public var size = 250

  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Subnets are told apart by name.
  public var identity: String { name }
  /// The statement of its fields.
  public static let schema = ObjectSchema<MockSubnet>(
    "mock subnet", "A subnet of mock machines.",
    fields: [
      Field("name", \.name, "what it is called", required: true, rules: [.notEmpty]),
      Field("size", \.size, "how many machines can be in it", rules: [.range(0...65_000)]),
    ])
}

/// How long mock machines take.
public struct MockDelay: SpecObject {
  /// From the call until a new machine runs.
  public var create = SpecDuration(milliseconds: 0)
  /// From the call until a machine that was stopped runs.
  public var start = SpecDuration(milliseconds: 0)
  /// From the call until a machine has stopped.
  public var stop = SpecDuration(milliseconds: 0)
  /// From the call until a machine has ended.
  public var terminate = SpecDuration(milliseconds: 0)
  /// From running until the checks have come to an end.
  public var check = SpecDuration(milliseconds: 0)

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<MockDelay>(
    "mock delay", "How long mock machines take.",
    fields: [
      Field("create", \.create, "from the call until a new machine runs"),
      Field("start", \.start, "from the call until a machine that was stopped runs"),
      Field("stop", \.stop, "from the call until a machine has stopped"),
      Field("terminate", \.terminate, "from the call until a machine has ended"),
      Field("check", \.check, "from running until the checks have come to an end"),
    ])
}

/// Calls of mock machines that go wrong.
public struct MockFailure: SpecObject {
  /// The call.
  public var call = MockCall.create
  /// How often it goes wrong.
  public var times = 1
  /// How it goes wrong.
  public var how = Manner.refused
  /// What is said then.
  public var message: String?

  /// How a call goes wrong.
  public enum Manner: String, SpecChoice {
    /// Nothing is done, for good.
    case refused
    /// Nothing is done: it can't be asked.
    case unreachable
    /// All is done, and the answer is lost.
    case lostReply = "lost_reply"
  }

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<MockFailure>(
    "mock failure", "Calls of mock machines that go wrong.",
    fields: [
      Field("call", \.call, "the call", required: true),
      Field(
        "times", \.times, "how often it goes wrong, from the first one on", rules: [.range(1...1_000_000)]),
      Field("how", \.how, "how it goes wrong"),
      Field("message", \.message, "what is said then", rules: [.notEmpty]),
    ])
}

/// The calls that change something.
public enum MockCall: String, SpecChoice, Codable {
  case create
  case start
  case stop
  case terminate
  case change
  case tag
}

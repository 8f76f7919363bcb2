/// The programs that are measured as a whole.
struct Programs {
  /// A release build of berth.
  private(set) var berth: String?
  /// Docker compose's plugin, which also runs alone.
  private(set) var compose: String?

  init(_ arguments: some Sequence<String>) {
    var option: String?
    for argument in arguments {
      switch option {
      case "--berth": berth = argument
      case "--compose": compose = argument
      default: break
      }
      option = option == nil ? argument : nil
    }
  }
}

import ArgumentParser

/// The two ways in which everything can be printed.
enum TextOrJSON: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

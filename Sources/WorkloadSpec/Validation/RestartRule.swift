import Diagnostics

/// Starts after failures are counted only where failures alone have a process started again.
enum RestartRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    guard service.maxRestarts != nil else { return }
    let place = places.place(of: service, "maxRestarts")
    if service.role.isRunToEnd {
      diagnostics.report(
        .restartLimit, "`\(service.name)` runs once, to its end, and is never started again", at: place,
        help: "leave out `maxRestarts`")
    } else if service.restart != .onFailure, places.couldRead("restart", of: service) {
      diagnostics.report(
        .restartLimit,
        service.restart == .always
          ? "`\(service.name)` is started again whatever its process ends with, and so without end"
          : "`\(service.name)` is never started again",
        at: place, help: "add `restart: on-failure`, or leave out `maxRestarts`")
    }
  }
}

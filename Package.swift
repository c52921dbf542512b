// swift-tools-version: 6.2

import PackageDescription

/// What every Swift target is held to.
///
/// Settings, not unsafe flags, so that other packages can depend on OTelSDK.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The targets that do not touch C promise memory safety as well.
let strictAndSafe = strict + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let instrumentation = Target.Dependency.product(name: "Instrumentation", package: "swift-distributed-tracing")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "orchestrator",
    products: [
        .executable(name: "orchestrator", targets: ["orchestrator"]),
        .library(name: "OTelSDK", targets: ["OTelSDK"]),
        .executable(name: "otel-bench", targets: ["OTelBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        .package(
            url: "https://github.com/apple/swift-configuration",
            .upToNextMinor(from: "1.4.0"),
            traits: [.defaults, "YAML"]
        ),
        .package(url: "https://github.com/apple/swift-distributed-tracing", .upToNextMinor(from: "1.7.3")),
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        .package(url: "https://github.com/apple/swift-metrics", .upToNextMinor(from: "2.13.0")),
        .package(url: "https://github.com/apple/swift-system", .upToNextMinor(from: "1.8.1")),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
        .package(url: "https://github.com/swiftlang/swift-subprocess", .upToNextMinor(from: "1.0.2"), traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
    ],
    targets: [
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "COTLP", dependencies: ["CProtobufC"]),
        .target(name: "OTLPWire", dependencies: ["COTLP", "CProtobufC"], swiftSettings: strict),
        .target(name: "GRPCTransport", dependencies: ["CNghttp2", "CZlib"], swiftSettings: strict),
        .target(
            name: "OTelSDK",
            dependencies: [
                "OTLPWire", "GRPCTransport", tracing, instrumentation, metrics, logging, lifecycle, system,
            ],
            swiftSettings: strictAndSafe
        ),
        .target(name: "Plans", swiftSettings: strictAndSafe),
        .target(name: "Sandbox", dependencies: [subprocess, system], swiftSettings: strictAndSafe),
        .target(name: "Agents", dependencies: ["Sandbox"], swiftSettings: strictAndSafe),
        .target(
            name: "Journal",
            dependencies: [.product(name: "GRDB", package: "GRDB.swift"), system],
            swiftSettings: strictAndSafe
        ),
        .target(
            name: "Runner",
            dependencies: ["Plans", "Sandbox", "Agents", "Journal", tracing, instrumentation],
            swiftSettings: strictAndSafe
        ),
        .executableTarget(
            name: "orchestrator",
            dependencies: [
                "Plans", "Sandbox", "Agents", "Journal", "Runner", "OTelSDK", "OTLPWire", "GRPCTransport", tracing,
                system, argumentParser, subprocess,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strictAndSafe
        ),
        .testTarget(name: "PlansTests", dependencies: ["Plans"], exclude: ["Fixtures"], swiftSettings: strictAndSafe),
        .testTarget(name: "OTLPWireTests", dependencies: ["OTLPWire"], swiftSettings: strict),
        .target(
            name: "CollectorTestKit",
            dependencies: ["GRPCTransport", "OTLPWire"],
            path: "Tests/CollectorTestKit",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ExampleServer",
            dependencies: [
                "OTelSDK", tracing, logging, lifecycle,
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/ExampleServer",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SpanProbe",
            dependencies: ["OTelSDK", tracing],
            path: "Tests/SpanProbe",
            swiftSettings: strictAndSafe
        ),
        .executableTarget(
            name: "OTelBench",
            dependencies: ["OTelSDK", tracing, metrics],
            path: "Tests/Benchmarks/client",
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "GRPCTransportTests",
            dependencies: ["GRPCTransport", "CollectorTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["OTLPWire", "GRPCTransport", "OTelSDK", system],
            exclude: ["Corpus"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OTelSDKTests",
            dependencies: [
                "OTelSDK", "OTLPWire", "GRPCTransport", "CollectorTestKit", "SpanProbe", tracing, instrumentation,
                metrics,
                logging, lifecycle, system,
            ],
            swiftSettings: strictAndSafe
        ),
        .executableTarget(
            name: "SandboxProbe",
            dependencies: ["Sandbox", system],
            path: "Tests/SandboxProbe",
            swiftSettings: strictAndSafe
        ),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "SandboxProbe"], swiftSettings: strictAndSafe),
        .executableTarget(
            name: "StreamProbe",
            dependencies: ["Agents", "Sandbox", system],
            path: "Tests/StreamProbe",
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "AgentsTests",
            dependencies: ["Agents", "Sandbox"],
            exclude: ["Fixtures"],
            swiftSettings: strictAndSafe
        ),
        .executableTarget(
            name: "JournalProbe",
            dependencies: ["Journal"],
            path: "Tests/JournalProbe",
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "JournalTests",
            dependencies: ["Journal", "JournalProbe", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Fixtures"],
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "RunnerTests",
            dependencies: [
                "Runner", tracing, .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "OrchestratorTests",
            dependencies: [
                "orchestrator", "Agents", "Runner", "Sandbox", "Journal", "OTelSDK", "OTLPWire", "GRPCTransport",
                argumentParser, system,
            ],
            swiftSettings: strictAndSafe
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["orchestrator"],
            swiftSettings: strictAndSafe
        ),
    ],
    swiftLanguageModes: [.v6]
)

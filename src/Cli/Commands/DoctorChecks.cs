using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>What <c>doctor</c> looks at.</summary>
internal static class DoctorChecks
{
    private static readonly string[] Packages =
        ["Lucene.Net", "QuikGraph", "Microsoft.SemanticKernel.Core", "Microsoft.Extensions.AI", "Polly", "Microsoft.ML.Tokenizers"];

    public static IEnumerable<Finding> Program()
    {
        var version = typeof(DoctorChecks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        yield return new Finding("agentic", Health.Good, version);
        yield return new Finding("runtime", Health.Good, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        yield return new Finding("machine", Health.Good, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memory} GiB of memory"));
        foreach (var package in Packages)
        {
            yield return Loaded(package);
        }
    }

    public static IEnumerable<Finding> Surroundings(Run run)
    {
        yield return Configuration(run);
        yield return Data(run.Terminal.Environment.GetValueOrDefault("AGENTIC_DATA"));
        yield return ApiKey.SourceIn(run.Terminal.Environment) is { } source
            ? new Finding("API key", Health.Good, $"set by {source} (its value is never shown or written)")
            : new Finding("API key", Health.Good, "none; only --policy chat needs one", $"set {ApiKey.Names[0]} when your endpoint asks for a key");
    }

    public static IEnumerable<Finding> Index(string folder)
    {
        Finding finding;
        try
        {
            using var index = ChunkIndex.Open(folder);
            var facts = index.Chunks.Sum(chunk => (long)chunk.Triplets.Count);
            finding = facts > 0 && index.Chunks.Count > 0
                ? new Finding("index", Health.Good, $"{folder}: {Counted.Of(index.Chunks.Count, "chunk")}, {Counted.Of(facts, "fact")}")
                : new Finding("index", Health.Worth, $"{folder}: {Counted.Of(index.Chunks.Count, "chunk")}, no facts", "modes graph and kag need facts: build with --triplets rules or a file of triplets");
        }
        catch (AgenticException exception)
        {
            finding = new Finding("index", Health.Bad, exception.Message);
        }

        yield return finding;
    }

    private static Finding Loaded(string package)
    {
        try
        {
            var assembly = Assembly.Load(new AssemblyName(package));
            return new Finding(package, Health.Good, assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "loaded");
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return new Finding(package, Health.Bad, exception.Message, "the installation is incomplete: build it again, or copy the whole output folder");
        }
    }

    private static Finding Configuration(Run run)
    {
        try
        {
            _ = run.Settings;
            var file = Path.Combine(run.Terminal.WorkingFolder, SettingsLoader.FileName);
            return new Finding("configuration", Health.Good, File.Exists(file) ? $"valid, with {file}" : "valid, no agentic.json here");
        }
        catch (OptionsException exception)
        {
            return new Finding("configuration", Health.Bad, string.Join("; ", exception.Problems), "`agentic config validate` lists them one a line");
        }
        catch (AgenticException exception)
        {
            return new Finding("configuration", Health.Bad, exception.Message);
        }
    }

    private static Finding Data(string? folder) => folder switch
    {
        null or "" => new Finding("AGENTIC_DATA", Health.Good, "not set; only the public figures need it", "the README lists the public sources of the data"),
        _ when Directory.Exists(folder) => new Finding("AGENTIC_DATA", Health.Good, folder),
        _ => new Finding("AGENTIC_DATA", Health.Bad, $"{folder} is not a folder", "name the folder that holds the data sets, or unset it"),
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>A value named on the command line: <c>--k1 1.2</c> or <c>--set retriever.k1=1.2</c>.</summary>
/// <param name="Source">The option as typed, for messages.</param>
internal sealed record Assignment(string Source, string Path, string Text);

/// <summary>Puts the configuration together: file, then environment, then command line; later ones win.</summary>
internal static class SettingsLoader
{
    public const string FileName = "agentic.json";
    public const string EnvironmentPrefix = "AGENTIC__";

    /// <summary>The checked settings and the tree they came from.</summary>
    /// <param name="beneath">Configurations that come before the file: defaults that belong to what the settings name.</param>
    /// <exception cref="OptionsException">Lists every problem.</exception>
    public static (T Settings, SettingsTree Tree) Load<T>(Terminal terminal, string? file, IEnumerable<Assignment> assignments, params IReadOnlyList<(string Source, string Text)> beneath)
        where T : class
    {
        var tree = new SettingsTree(typeof(T));
        foreach (var (source, text) in beneath)
        {
            tree.Overlay(source, text);
        }

        OverlayFile(tree, terminal, file);
        var environment = terminal.Environment
            .Where(entry => entry.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new Assignment(entry.Key, entry.Key[EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal), entry.Value));
        AssignAll(tree, environment);
        AssignAll(tree, assignments);
        var problems = SettingsCheck.Run(tree, typeof(T));
        if (problems.Count == 0)
        {
            var settings = Complete(tree.Json, typeof(T), OptionsShape.Default(typeof(T))).Deserialize<T>(OptionsJson.Serializer)!;
            problems = SettingsCheck.AcrossMembers(settings, "");
            if (problems.Count == 0)
            {
                return (settings, tree);
            }
        }

        throw new OptionsException("configuration", problems);
    }

    /// <summary>The section with everything that is not set: what its owner begins with, which need not be what its type begins with.</summary>
    private static JsonObject Complete(JsonObject given, Type declared, object? defaults)
    {
        var concrete = OptionsShape.Concrete(declared, given, defaults)!;
        if ((defaults?.GetType() == concrete ? defaults : OptionsShape.Default(concrete)) is not { } instance)
        {
            return given.DeepClone().AsObject();
        }

        var complete = JsonSerializer.SerializeToNode(instance, OptionsShape.Bare(declared), OptionsJson.Serializer)!.AsObject();
        foreach (var (name, member) in OptionsShape.Members(concrete).Where(member => given.ContainsKey(member.Key)))
        {
            complete[name] = given[name] is JsonObject section && OptionsShape.IsSection(member.PropertyType)
                ? Complete(section, member.PropertyType, member.GetValue(instance))
                : given[name]?.DeepClone();
        }

        return complete;
    }

    /// <summary>Kinds first: which other keys exist depends on them, whatever the order on the command line.</summary>
    private static void AssignAll(SettingsTree tree, IEnumerable<Assignment> assignments)
    {
        foreach (var assignment in assignments.OrderByDescending(IsKind))
        {
            tree.Assign(assignment.Source, assignment.Path, assignment.Text);
        }
    }

    private static bool IsKind(Assignment assignment) =>
        assignment.Path.EndsWith("." + OptionsJson.KindKey, StringComparison.OrdinalIgnoreCase);

    private static void OverlayFile(SettingsTree tree, Terminal terminal, string? file)
    {
        if (file is not null)
        {
            if (!File.Exists(file))
            {
                throw new UsageException($"--config {file}: there is no such file; `agentic config show --json > {file}` writes one with every default");
            }

            tree.Overlay(file, File.ReadAllText(file));
        }
        else if (File.Exists(Path.Combine(terminal.WorkingFolder, FileName)))
        {
            tree.Overlay(FileName, File.ReadAllText(Path.Combine(terminal.WorkingFolder, FileName)));
        }
    }
}

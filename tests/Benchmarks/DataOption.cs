namespace Agentic.Benchmarks;

/// <summary>The folder of the public data: <c>--data DIR</c>, else the environment variable AGENTIC_DATA.</summary>
internal static class DataOption
{
    private const string Option = "--data";
    private const string Variable = "AGENTIC_DATA";

    /// <summary>The arguments without the option, and the folder, or what is wrong with it.</summary>
    public static (string[] Words, string Folder, string? Problem) Take(string[] arguments)
    {
        var at = Array.IndexOf(arguments, Option);
        if (at >= 0 && at == arguments.Length - 1)
        {
            return (arguments[..at], "", $"{Option}: name the folder of the public data");
        }

        var folder = at >= 0 ? arguments[at + 1] : Environment.GetEnvironmentVariable(Variable) ?? "";
        var problem = folder.Length == 0 ? $"name the folder of the public data by {Option} DIR or by {Variable} (README.md says where the sets come from)"
            : !Directory.Exists(folder) ? $"{(at >= 0 ? Option : Variable)} {folder}: there is no such folder"
            : null;
        return (at < 0 ? arguments : [.. arguments[..at], .. arguments[(at + 2)..]], folder, problem);
    }
}

using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>A file to be written as a whole: its place is tried before the work begins, and its name never stands for half of it.</summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path;

    private WholeFile(string path) => _path = path;

    /// <summary>Where to write.</summary>
    public string TemporaryPath => _path + ".tmp";

    /// <summary>Claims the place.</summary>
    /// <param name="option">The option that named it, for messages.</param>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static WholeFile Claim(string option, string path)
    {
        if (PathObstacle.ForFile(path) is { } obstacle)
        {
            throw new UsageException($"{option} {path}: {obstacle}");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var file = new WholeFile(path);
            File.WriteAllBytes(file.TemporaryPath, []);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {path}: cannot be written ({exception.Message}); name a file in a folder of yours", exception);
        }
    }

    /// <summary>Puts what was written in its place.</summary>
    public void Commit() => File.Move(TemporaryPath, _path, overwrite: true);

    public void Dispose() => File.Delete(TemporaryPath);
}

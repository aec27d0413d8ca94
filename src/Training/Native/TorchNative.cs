using System.Runtime.InteropServices;
using TorchSharp;

namespace Agentic.Training;

/// <summary>The one entry to the native part of TorchSharp: everything that touches a tensor calls <see cref="EnsureLoaded"/> first.</summary>
/// <remarks>
/// libtorch comes from the folder named by the environment variable TORCH_LIB_DIR (an external libtorch, that of a Python torch for
/// instance) or lies beside the program (the packages' way). libLibTorchSharp.so always lies beside the program.
/// </remarks>
public static partial class TorchNative
{
    /// <summary>The environment variable that names a folder with libtorch_cpu.so and its neighbours.</summary>
    public const string FolderVariable = "TORCH_LIB_DIR";

    private const string Bridge = "libLibTorchSharp.so";

    /// <summary>The version of the C++ runtime that the bridge asks for because of one symbol that it never calls; Debian 12 ends at 3.4.30.</summary>
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Loads the native part, once a process; cheap afterwards. Safe from any thread.</summary>
    /// <exception cref="TorchUnavailableException">It is missing or does not load.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>Where libtorch was loaded from.</summary>
    public static string Folder => Loaded.Value;

    private static string Load()
    {
        var external = Environment.GetEnvironmentVariable(FolderVariable);
        var folder = string.IsNullOrEmpty(external) ? Beside("libtorch_cpu.so") : external;
        if (OperatingSystem.IsLinux())
        {
            LetThreadsSleep();
            LoadTorch(folder, string.IsNullOrEmpty(external));
            LoadBridge(Path.Combine(Beside(Bridge), Bridge));
        }

        try
        {
            // The first touch runs TorchSharp's own loading, which finds the libraries above by their names.
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is NotSupportedException or TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException(
                $"The native part of TorchSharp does not load from '{folder}': {exception.Message.ReplaceLineEndings(" ")}. {Remedy}", exception);
        }

        return folder;
    }

    // OpenMP reads this once, while it is loaded. Its threads spin between two products unless told to sleep, and take the core from
    // whatever else wants it: with other work on two cores an update took twenty times as long. What the user has set stays.
    private static void LetThreadsSleep() => _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);

    // The environment that .NET keeps is a copy, which native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    /// <summary>The folder that holds a native file: the program's own, or where a build for no certain platform puts it.</summary>
    private static string Beside(string file)
    {
        var plain = AppContext.BaseDirectory;
        var platform = Path.Combine(plain, "runtimes", "linux-x64", "native");
        return !File.Exists(Path.Combine(plain, file)) && File.Exists(Path.Combine(platform, file)) ? platform : plain;
    }

    private static void LoadTorch(string folder, bool beside)
    {
        // In the order in which they need each other; libtorch_cuda before libtorch, or CUDA is not seen.
        foreach (var (name, required) in new[] { ("libc10.so", true), ("libtorch_cpu.so", true), ("libtorch_cuda.so", false), ("libtorch.so", true) })
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                LoadLibrary(path);
            }
            else if (required)
            {
                throw new TorchUnavailableException(beside
                    ? $"{path} is missing: this program was built without libtorch. {Remedy}"
                    : $"{path} is missing: {FolderVariable} must name the folder with libtorch's libraries. {Remedy}");
            }
        }
    }

    private static void LoadBridge(string path)
    {
        if (NativeLibrary.TryLoad(path, out _))
        {
            return;
        }

        if (!File.Exists(path))
        {
            throw new TorchUnavailableException($"{path} is missing: it comes with the package TorchSharp. {Remedy}");
        }

        var file = File.ReadAllBytes(path);
        if (ElfVersionNeeds.MakeWeak(file, UnusedVersion) == 0)
        {
            LoadLibrary(path); // not the known obstacle: fails with the loader's own words
            return;
        }

        // Loaded from a private copy, which may be deleted at once: TorchSharp finds the loaded library by its name.
        var folder = Directory.CreateTempSubdirectory("agentic-torch-");
        try
        {
            var copy = Path.Combine(folder.FullName, Bridge);
            File.WriteAllBytes(copy, file);
            LoadLibrary(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void LoadLibrary(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException($"{path} does not load: {exception.Message.ReplaceLineEndings(" ")}. {Remedy}", exception);
        }
    }

    private static string Remedy =>
        $"Build the program with -p:TorchBackend=cpu (or cuda), or set {FolderVariable} to a folder with libtorch 2.10 (libc10.so, libtorch_cpu.so, libtorch.so).";
}

// Shows the photo that was chosen before it is sent. On a canvas: it needs no address, so the page's content policy stays as strict as it is.

const canvas = document.querySelector("[data-preview-of]");
const input = canvas && document.getElementById(canvas.dataset.previewOf);
const words = input?.form.elements.alternative_text;
const photoNow = input?.form.querySelector("figure img");

input?.addEventListener("change", async () => {
  canvas.hidden = true;
  const [file] = input.files;
  if (!file) return;
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 1280, resizeQuality: "high" });
    if (file !== input.files[0]) return; // another was chosen meanwhile
    [canvas.width, canvas.height] = [picture.width, picture.height];
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.hidden = false;
    // What stands there tells of the photo that is on the page now.
    if (words.value === photoNow?.alt) words.value = "";
  } catch {
    // Not a photo, or one that this browser does not read: the server says so in words.
  }
});
